import { describe, expect, it } from '@jest/globals';
import { GUARANTEES } from 'exactly-one';
import fc from 'fast-check';
import { randomFrom } from '../../testbed/seeded-random.ts';
import { play } from './play.ts';
import { drawScenario, generateScenario } from './scenario/generate-scenario.ts';
import { search } from './search.ts';

/** One arbitrary for all draws: fast-check finds what it has made by the function that made it. */
const MILLION = 1_000_000;
const millionths = () => fc.nat({ max: MILLION - 1 });

it('whatever outcomes, late commits, stale reads and resubmissions are drawn, every invariant is kept', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...GUARANTEES), fc.gen(), async (guarantee, draw) => {
      const random = randomFrom(() => draw(millionths) / MILLION);
      const { violation } = await play(drawScenario(random, guarantee));
      if (violation !== undefined) throw new Error(violation.what);
    }),
    { seed: 112_358, numRuns: 10_000 },
  );
});

describe('the scenarios', () => {
  it('end in every way, with items voided too, so that nothing is checked in vain', async () => {
    const ways = ['CANCELLED', 'COMPLETED', 'FAILED', 'TERMINATED', 'a ticket voided'];
    const met = new Set<string>();
    for (let seed = 0; seed < 600 && met.size < ways.length; seed += 1) {
      const { statuses, voided } = await play(generateScenario(seed));
      for (const status of statuses) met.add(status);
      if (voided > 0) met.add('a ticket voided');
    }
    expect([...met].sort()).toEqual(ways);
  });

  it('are the same for the same seed, and so is what happens in them', async () => {
    const scenario = generateScenario(112_358);
    expect(generateScenario(112_358)).toEqual(scenario);
    const [first, second] = await Promise.all([play(scenario, { tells: true }), play(scenario, { tells: true })]);
    expect(first.lines.length).toBeGreaterThan(3);
    expect(second.lines).toEqual(first.lines);
  });

  it('keep the clocks within the allowance of each other, but for a worker that is mended later', () => {
    for (let seed = 0; seed < 2_000; seed += 1) {
      const { clockSteps, timings } = generateScenario(seed);
      for (const { whose, offMs } of clockSteps) {
        if (whose !== 'worker' || Math.abs(offMs) < 50_000) {
          expect(Math.abs(offMs)).toBeLessThanOrEqual(timings.clockSkewMs / 2);
        }
      }
    }
  });

  it('replay no request but where the key holds', () => {
    for (let seed = 0; seed < 2_000; seed += 1) {
      const { guarantee, creates, voids } = generateScenario(seed);
      const replayed = [...creates, ...voids].filter(({ arrivesAgainAfterMs }) => arrivesAgainAfterMs !== undefined);
      if (guarantee !== 'idempotency-key') expect(replayed).toEqual([]);
    }
  });
});

describe('a search', () => {
  it('finds nothing broken in the first seeds', async () => {
    expect(await search({ fromSeed: 0, seeds: 300 })).toBeUndefined();
  });

  it('plays as many seeds as it is asked for, of one guarantee alone if so asked, and says how many', async () => {
    let played = 0;
    const count = (more: number) => {
      played += more;
    };
    await search({ fromSeed: 0, seeds: 50, guarantee: 'deadline' }, count);
    expect(played).toBe(50);
  });
});
