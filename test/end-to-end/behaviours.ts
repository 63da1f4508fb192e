import { setTimeout as pause } from 'node:timers/promises';
import { type Behaviour, refusal, type ScriptedCall, type ScriptedResponse } from './scripted-server.ts';

/** Does nothing and sends this response. */
export function respondsWith(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Behaviour {
  return (call) => call.send({ status, body, headers });
}

/** Does nothing and responds with an error of the agreed form. */
export function refuses(status: number, code: string, headers: Readonly<Record<string, string>> = {}): Behaviour {
  return (call) => call.send(refusal(status, code, headers));
}

/** Does what was requested, then behaves so instead of responding. */
export function actsThen<Call extends ScriptedCall>(behaviour: Behaviour<Call>): Behaviour<Call> {
  return (call) => {
    call.act();
    return behaviour(call);
  };
}

/** Does what was requested and changes the response. */
export function changesResponse(change: (response: ScriptedResponse) => Partial<ScriptedResponse>): Behaviour {
  return (call) => {
    const response = call.act();
    call.send({ ...response, ...change(response) });
  };
}

/** Does what was requested and changes the body of the response. */
export function changesBody<Call extends ScriptedCall>(
  change: (body: Record<string, unknown>, call: Call) => unknown,
): Behaviour<Call> {
  return (call) => {
    const response = call.act();
    call.send({ ...response, body: change(Object(response.body), call) });
  };
}

/** Does nothing and resets the connection. */
export const resetsConnection: Behaviour = ({ socket }) => {
  socket.resetAndDestroy();
};

/** Does what was requested and resets the connection: the response is lost. */
export const losesResponse: Behaviour = actsThen(resetsConnection);

/** Does nothing and closes the connection. */
export const closesConnection: Behaviour = ({ socket }) => {
  socket.end();
};

/** Does nothing and keeps the connection open. */
export const neverResponds: Behaviour = () => undefined;

/** Does what was requested and closes the connection in the middle of the response. */
export const truncatesResponse: Behaviour = (call) => {
  const text = responseText(call.act());
  call.socket.end(text.slice(0, text.length - 20));
};

/** Does what was requested and sends the response twice on the same connection. */
export const respondsTwice: Behaviour = (call) => {
  const text = responseText(call.act());
  call.socket.end(text + text);
};

/** Does what was requested and sends the response a few bytes at a time. */
export function respondsSlowly(bytes: number, everyMs: number): Behaviour {
  return async (call) => {
    const text = responseText(call.act());
    for (let at = 0; at < text.length && !call.socket.destroyed; at += bytes) {
      call.socket.write(text.slice(at, at + bytes));
      await pause(everyMs);
    }
  };
}

/** Does nothing, sends exactly this text and closes the connection. */
export function sendsText(text: string): Behaviour {
  return ({ socket }) => {
    socket.end(text);
  };
}

/** Behaves so after a while; the client may be gone by then. */
export function afterDelay<Call extends ScriptedCall>(ms: number, behaviour: Behaviour<Call>): Behaviour<Call> {
  return async (call) => {
    await pause(ms);
    await behaviour(call);
  };
}

export interface Hold<Call extends ScriptedCall> {
  readonly behaviour: Behaviour<Call>;
  /** Resolves when a call has come in. */
  readonly reached: Promise<Call>;
  release(): void;
}

/** Holds calls until they are released, and behaves so then. */
export function holds<Call extends ScriptedCall>(behaviour: Behaviour<Call>): Hold<Call> {
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

function responseText({ status, body }: ScriptedResponse): string {
  const text = JSON.stringify(body);
  return (
    `HTTP/1.1 ${status} Scripted\r\nContent-Type: application/json\r\n` +
    `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`
  );
}
