import { setTimeout as pause } from 'node:timers/promises';
import type { Behaviour, Call } from './scripted-ticket-system.ts';
import { type Answer, refusal } from './ticket-book.ts';

/** Answers this, and does nothing. */
export function answers(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Behaviour {
  return (call) => call.send({ status, body, headers });
}

/** Answers an error in the agreed form, and does nothing. */
export function refuses(status: number, code: string, headers: Readonly<Record<string, string>> = {}): Behaviour {
  return (call) => call.send(refusal(status, code, headers));
}

/** Does what was asked for, and then misbehaves. */
export function actsThen(behaviour: Behaviour): Behaviour {
  return (call) => {
    call.act();
    return behaviour(call);
  };
}

/** Does what was asked for, and answers something else. */
export function answersInstead(change: (answer: Answer) => Partial<Answer>): Behaviour {
  return (call) => {
    const answer = call.act();
    call.send({ ...answer, ...change(answer) });
  };
}

/** Does what was asked for, and changes the body of the answer. */
export function answersWith(change: (body: Record<string, unknown>, call: Call) => unknown): Behaviour {
  return (call) => {
    const answer = call.act();
    call.send({ ...answer, body: change(Object(answer.body), call) });
  };
}

export const resets: Behaviour = ({ socket }) => {
  socket.resetAndDestroy();
};

export const hangsUp: Behaviour = ({ socket }) => {
  socket.end();
};

/** Never answers; whoever waits gives up. */
export const staysSilent: Behaviour = () => undefined;

/** Does what was asked for, and breaks off in the middle of the answer. */
export const cutsItsAnswer: Behaviour = (call) => {
  const text = wire(call.act());
  call.socket.end(text.slice(0, text.length - 20));
};

/** Does what was asked for, and answers twice on the same connection. */
export const answersTwice: Behaviour = (call) => {
  const text = wire(call.act());
  call.socket.end(text + text);
};

/** Does what was asked for, and answers a few bytes at a time. */
export function answersSlowly(bytes: number, everyMs: number): Behaviour {
  return async (call) => {
    const text = wire(call.act());
    for (let at = 0; at < text.length && !call.socket.destroyed; at += bytes) {
      call.socket.write(text.slice(at, at + bytes));
      await pause(everyMs);
    }
  };
}

/** Writes these very bytes, does nothing, and closes the connection. */
export function writes(text: string): Behaviour {
  return ({ socket }) => {
    socket.end(text);
  };
}

/** Behaves so only after a while; whoever asked may have gone. */
export function later(ms: number, behaviour: Behaviour): Behaviour {
  return async (call) => {
    await pause(ms);
    await behaviour(call);
  };
}

export interface Hold {
  readonly behaviour: Behaviour;
  /** Resolves once a call is held. */
  readonly reached: Promise<Call>;
  release(): void;
}

/** Keeps a call back until it is released, and then behaves so. */
export function holds(behaviour: Behaviour): Hold {
  let release: () => void = () => undefined;
  let reach: (call: Call) => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const reached = new Promise<Call>((resolve) => {
    reach = resolve;
  });
  return {
    reached,
    release: () => release(),
    async behaviour(call) {
      reach(call);
      await released;
      await behaviour(call);
    },
  };
}

/** An answer as bytes. */
function wire({ status, body }: Answer): string {
  const text = JSON.stringify(body);
  return (
    `HTTP/1.1 ${status} Scripted\r\nContent-Type: application/json\r\n` +
    `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`
  );
}
