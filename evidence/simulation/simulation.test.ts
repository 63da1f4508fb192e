import { describe, expect, it } from '@jest/globals';
import { GUARANTEES } from 'exactly-one';
import fc from 'fast-check';
import { randomFrom } from '../../testbed/seeded-random.ts';
import { play } from './play.ts';
import { drawScenario, generateScenario } from './scenario/generate-scenario.ts';
import { search } from './search.ts';

const MILLION = 1_000_000;
/** A single function for all draws, because fast-check caches what it builds per function. */
const millionths = () => fc.nat({ max: MILLION - 1 });

it.each(GUARANTEES)(
  'every invariant holds in whatever scenario fast-check draws with guarantee %s',
  async (guarantee) => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (draw) => {
        const random = randomFrom(() => draw(millionths) / MILLION);
        const { violation } = await play(drawScenario(random, guarantee));
        if (violation !== undefined) throw new Error(violation.what);
      }),
      { seed: 112_358, numRuns: 3_400 },
    );
  },
);

describe('generated scenarios', () => {
  it('cover every way a run can end, and voided tickets', async () => {
    const expected = ['CANCELLED', 'COMPLETED', 'FAILED', 'TERMINATED', 'a voided ticket'];
    const covered = new Set<string>();
    for (let seed = 0; seed < 600 && covered.size < expected.length; seed += 1) {
      const { statuses, voidedTickets } = await play(generateScenario(seed));
      for (const status of statuses) covered.add(status);
      if (voidedTickets > 0) covered.add('a voided ticket');
    }
    expect([...covered].sort()).toEqual(expected);
  });

  it('are the same for the same seed, and so is what happens in them', async () => {
    const scenario = generateScenario(112_358);
    expect(generateScenario(112_358)).toEqual(scenario);
    const [first, second] = await Promise.all([play(scenario, { trace: true }), play(scenario, { trace: true })]);
    expect(first.trace.length).toBeGreaterThan(3);
    expect(second.trace).toEqual(first.trace);
  });

  it('keep all clocks within the allowed skew, except a worker clock that is corrected later', () => {
    for (let seed = 0; seed < 2_000; seed += 1) {
      const { clockChanges, timings } = generateScenario(seed);
      for (const { machine, offsetMs } of clockChanges) {
        if (machine !== 'worker' || Math.abs(offsetMs) < 50_000) {
          expect(Math.abs(offsetMs)).toBeLessThanOrEqual(timings.clockSkewMs / 2);
        }
      }
    }
  });

  it('replay requests only where the service honours idempotency keys', () => {
    for (let seed = 0; seed < 2_000; seed += 1) {
      const { guarantee, creates, voids } = generateScenario(seed);
      const replayed = [...creates, ...voids].filter(({ arrivesAgainAfterMs }) => arrivesAgainAfterMs !== undefined);
      if (guarantee !== 'idempotency-key') expect(replayed).toEqual([]);
    }
  });
});

describe('a search', () => {
  it('finds no violation in the first seeds', async () => {
    expect(await search({ fromSeed: 0, seeds: 300 })).toBeUndefined();
  });

  it('plays the given number of seeds with the given guarantee, and reports how many', async () => {
    let played = 0;
    await search({ fromSeed: 0, seeds: 50, guarantee: 'deadline' }, (count) => {
      played += count;
    });
    expect(played).toBe(50);
  });
});
