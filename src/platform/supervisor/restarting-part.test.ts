import { expect, test } from '@jest/globals';
import type { Child, ChildExit } from '../processes/start-child.ts';
import { NotReadyError } from '../processes/until-ready.ts';
import { waitUntil } from '../processes/wait-until.ts';
import { restartingPart } from './restarting-part.ts';

/** A part whose processes end on request, and whose source changes on request. */
async function sampleWorker({ missingForMs = 1 } = {}) {
  const said: string[] = [];
  const events: string[] = [];
  const exits: ((exit: ChildExit) => void)[] = [];
  const broken: { now: Error | undefined } = { now: undefined };
  const slow = { now: false };
  let change: (file: string) => void = () => undefined;
  const part = restartingPart({
    name: 'worker',
    async start(signal, kill) {
      if (broken.now) throw broken.now;
      const number = exits.length + 1;
      events.push(`start ${number}`);
      let end: (exit: ChildExit) => void = () => undefined;
      const exited = new Promise<ChildExit>((resolve) => {
        end = resolve;
      });
      exits.push(end);
      const leave = (how: string, exit: ChildExit) => async () => {
        events.push(`${how} ${number}`);
        end(exit);
        return exited;
      };
      const output: Child['output'] = {
        tail: () => [],
        lineMatching: () => new Promise(() => {}),
        pause: () => () => {},
      };
      const child: Child = {
        ...{ name: 'worker', pid: number, output, exited },
        stop: leave('stop', { code: 0, signal: null }),
        kill: leave('kill', { code: null, signal: 'SIGKILL' }),
      };
      if (slow.now) {
        await new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => events.push('asked to stop'));
          kill.addEventListener('abort', () => resolve());
        });
        await child.kill();
      }
      return child;
    },
    graceMs: 1_000,
    missingForMs,
    whenKilled: 'Orders wait.',
    watch: (onChange) => {
      change = onChange;
      return () => events.push('watch no more');
    },
    say: (line) => said.push(line),
  });
  const running = await part.start(NEVER, NEVER);
  const until = (event: string) =>
    waitUntil(() => events.includes(event) || said.includes(event), { what: event, timeoutMs: 30_000, everyMs: 1 });
  return {
    ...{ running, said, events, broken, slow, until },
    endLast: (exit: ChildExit) => exits.at(-1)?.(exit),
    change: (file: string) => change(file),
  };
}

const NEVER = new AbortController().signal;
const KILLED: ChildExit = { code: null, signal: 'SIGKILL' };

test('a worker that was killed is started again, and what happens is said', async () => {
  const { running, said, events, endLast, until } = await sampleWorker();
  endLast(KILLED);
  await until('the worker runs again');
  expect(said).toEqual(['the worker was killed. Orders wait.', 'a new one starts in 0.001 s', 'the worker runs again']);
  await running.stop();
  expect(events).toEqual(['start 1', 'start 2', 'stop 2', 'watch no more']);
});

test('a change of the source stops the worker gracefully and starts it again', async () => {
  const { running, said, events, change, until } = await sampleWorker();
  change('src/worker/create-worker.ts');
  await until('the worker runs again');
  expect(said[0]).toBe('src/worker/create-worker.ts has changed: the worker starts again');
  expect(events).toEqual(['start 1', 'stop 1', 'start 2']);
  await running.stop();
});

test('a worker that cannot be started again ends nothing, and the next change starts it', async () => {
  const { running, said, events, broken, change, until } = await sampleWorker();
  broken.now = new Error('syntax error');
  change('src/worker/create-worker.ts');
  await until('the worker could not be started again: syntax error');
  broken.now = undefined;
  change('src/worker/create-worker.ts');
  await until('the worker runs again');
  expect(events).toEqual(['start 1', 'stop 1', 'start 2']);
  expect(said.join('\n')).toContain('npm run worker starts one by hand');
  await running.stop();
});

test('a worker that ends by itself has failed', async () => {
  const { running, endLast, events } = await sampleWorker();
  endLast({ code: 1, signal: null });
  expect(await running.ended).toBe('ended with exit code 1');
  expect(events).toEqual(['start 1', 'watch no more']);
});

test('while a worker is missing, everything can be stopped at once', async () => {
  const { running, events, endLast, until } = await sampleWorker({ missingForMs: 600_000 });
  endLast(KILLED);
  await until('a new one starts in 600 s');
  expect(await running.stop()).toBe('has stopped');
  expect(events).toEqual(['start 1', 'watch no more']);
});

test('a worker that cannot be started again says why, and not what it has printed already', async () => {
  const { running, said, broken, change, until } = await sampleWorker();
  const output: Child['output'] = {
    tail: () => ['SyntaxError'],
    lineMatching: () => new Promise(() => {}),
    pause: () => () => {},
  };
  const endless = () => new Promise<ChildExit>(() => {});
  const child: Child = { name: 'worker', pid: 1, output, exited: endless(), stop: endless, kill: endless };
  broken.now = new NotReadyError('worker ended with exit code 1 before it was ready', child);
  change('src/worker/create-worker.ts');
  await until('the worker could not be started again: worker ended with exit code 1 before it was ready');
  expect(said.join('\n')).not.toContain('SyntaxError');
  await running.stop();
});

test('a worker that is being started again is killed when everything is', async () => {
  const { running, events, slow, endLast, until } = await sampleWorker();
  slow.now = true;
  endLast(KILLED);
  await until('start 2');
  void running.stop();
  await until('asked to stop');
  await running.kill();
  expect(events).toEqual(['start 1', 'start 2', 'asked to stop', 'kill 2', 'stop 2', 'watch no more']);
});
