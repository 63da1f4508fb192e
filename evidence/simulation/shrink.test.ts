import { describe, expect, it } from '@jest/globals';
import { play } from './play.ts';
import { generateScenario } from './scenario/generate-scenario.ts';
import { shrink } from './shrink.ts';
import type { Parts } from './simulated/world.ts';

/** A service that obeys neither key nor deadline. */
const parts: Partial<Parts> = { decideCommit: () => ({ kind: 'commit' }) };

describe('a broken scenario', () => {
  it('is shrunk to what is needed, and still broken in the same way', async () => {
    let seed = 1;
    let violation = (await play(generateScenario(seed), { parts })).violation;
    for (; violation === undefined; seed += 1) violation = (await play(generateScenario(seed), { parts })).violation;
    const scenario = generateScenario(Math.max(1, seed - 1));
    const shrunk = await shrink(scenario, violation, parts);
    expect((await play(shrunk, { parts })).violation?.invariant).toBe(violation.invariant);
    expect(JSON.stringify(shrunk).length).toBeLessThan(JSON.stringify(scenario).length);
    expect(shrunk.creates.length).toBeLessThanOrEqual(2);
    expect(shrunk.cancellations).toEqual([]);
  });
});
