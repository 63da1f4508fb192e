import { describe, expect, test } from '@jest/globals';
import { waitUntil } from '../processes/wait-until.ts';
import { type Part, supervise } from './supervise.ts';

/** Parts that record what happens to them, and end on request. */
function sampleParts(names: readonly string[], failing?: string) {
  const events: string[] = [];
  const endings = new Map<string, (how: string) => void>();
  const parts = names.map(
    (name): Part => ({
      name,
      async start() {
        if (name === failing) throw new Error(`${name} is not ready`);
        events.push(`start ${name}`);
        const ended = new Promise<string>((resolve) => endings.set(name, resolve));
        const leave = (how: string) => async () => {
          events.push(`${how} ${name}`);
          endings.get(name)?.(how);
        };
        return { ended, stop: leave('stop'), kill: leave('kill') };
      },
    }),
  );
  return { parts, events, end: (name: string, how: string) => endings.get(name)?.(how) };
}

describe('supervise', () => {
  test('starts in order and stops in reverse order', async () => {
    const { parts, events } = sampleParts(['a', 'b', 'c']);
    const supervisor = supervise(parts);
    expect(await supervisor.started).toBe('ready');
    supervisor.stop();

    expect(await supervisor.ended).toEqual({});
    expect(events).toEqual(['start a', 'start b', 'start c', 'stop c', 'stop b', 'stop a']);
  });

  test('stops the others when one ends, and reports how it ended', async () => {
    const { parts, events, end } = sampleParts(['a', 'b', 'c']);
    const supervisor = supervise(parts);
    await supervisor.started;
    end('b', 'was killed by SIGKILL');

    expect(await supervisor.ended).toEqual({ failure: 'b was killed by SIGKILL' });
    expect(events.slice(3)).toEqual(['stop c', 'stop a']);
  });

  test('stops the parts it has started when the next one cannot be started', async () => {
    const { parts, events } = sampleParts(['a', 'b', 'c'], 'b');
    const supervisor = supervise(parts);

    expect(await supervisor.started).toBe('ending');
    expect(await supervisor.ended).toEqual({ failure: 'b is not ready' });
    expect(events).toEqual(['start a', 'stop a']);
  });

  test('when stopped during the start, starts no further part and aborts the one that is starting', async () => {
    const { parts, events } = sampleParts(['a', 'c']);
    let aborted = false;
    const slow: Part = {
      name: 'slow',
      start: (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            aborted = true;
            reject(new Error('stopped while it was starting'));
          });
        }),
    };
    const supervisor = supervise([...parts.slice(0, 1), slow, ...parts.slice(1)]);
    await waitUntil(() => events.length > 0, { what: 'the start of a', timeoutMs: 60_000 });
    supervisor.stop();

    expect(await supervisor.ended).toEqual({});
    expect(aborted).toBe(true);
    expect(events).toEqual(['start a', 'stop a']);
  });

  test('kills all parts at once, also while it waits for one to stop', async () => {
    const { parts, events } = sampleParts(['a']);
    const endless: Part = {
      name: 'endless',
      start: async () => {
        let resolveEnd: (how: string) => void = () => undefined;
        const ended = new Promise<string>((resolve) => {
          resolveEnd = resolve;
        });
        return { ended, stop: () => ended, kill: async () => resolveEnd('was killed') };
      },
    };
    const stopping: string[] = [];
    const supervisor = supervise([...parts, endless], (name) => stopping.push(name));
    await supervisor.started;
    supervisor.stop();
    await waitUntil(() => stopping.includes('endless'), { what: 'its stop', timeoutMs: 60_000 });
    supervisor.kill();

    expect(await supervisor.ended).toEqual({});
    expect(events).toEqual(['start a', 'kill a']);
  });
});
