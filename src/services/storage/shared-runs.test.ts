import { expect, it } from '@jest/globals';
import { shareRuns } from './shared-runs.ts';

/** Runs that end when the test says so. */
function startRuns() {
  const runs: { signal: AbortSignal; end: () => void }[] = [];
  const join = shareRuns((signal) => {
    const run = runs.length + 1;
    return new Promise<number>((resolve, reject) => {
      runs.push({ signal, end: () => resolve(run) });
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  });
  return { runs, join: (client = new AbortController()) => join(client.signal) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('callers at the same time share one run', async () => {
  const { runs, join } = startRuns();
  const results = [join(), join(), join()];
  await settled();
  runs[0]?.end();
  expect(await Promise.all(results)).toEqual([1, 1, 1]);
  expect(runs).toHaveLength(1);
});

it('callers during a run share the next one, which begins when the run has ended', async () => {
  const { runs, join } = startRuns();
  const first = join();
  await settled();
  const later = [join(), join()];
  await settled();
  expect(runs).toHaveLength(1);
  runs[0]?.end();
  expect(await first).toBe(1);
  await settled();
  runs[1]?.end();
  expect(await Promise.all(later)).toEqual([2, 2]);
  expect(runs).toHaveLength(2);
});

it('a run goes on while one of its callers waits, and is stopped when the last one has gone', async () => {
  const { runs, join } = startRuns();
  const [one, other] = [new AbortController(), new AbortController()];
  const results = [join(one), join(other)].map((result) => result.catch(() => 'stopped'));
  await settled();
  one.abort();
  expect(runs[0]?.signal.aborted).toBe(false);
  other.abort();
  expect(runs[0]?.signal.aborted).toBe(true);
  expect(await Promise.all(results)).toEqual(['stopped', 'stopped']);
});

it('a run whose callers have gone before it begins does not take place, and nobody else joins it', async () => {
  const { runs, join } = startRuns();
  const first = join();
  await settled();
  const gone = new AbortController();
  const neverStarted = join(gone).catch(() => 'stopped');
  gone.abort();
  const next = join();
  runs[0]?.end();
  expect([await first, await neverStarted]).toEqual([1, 'stopped']);
  await settled();
  runs[1]?.end();
  expect(await next).toBe(2);
});

it('a run that fails does so for its callers only', async () => {
  let runs = 0;
  const join = shareRuns(async () => {
    runs += 1;
    if (runs === 1) throw new Error('the disk is broken');
    return runs;
  });
  const { signal } = new AbortController();
  await expect(join(signal)).rejects.toThrow('the disk is broken');
  expect(await join(signal)).toBe(2);
});
