import { describe, expect, it } from '@jest/globals';
import { play } from './play.ts';
import { generateScenario } from './scenario/generate-scenario.ts';
import { shrink } from './shrink.ts';
import type { Protocol } from './simulated/world.ts';

/** A service that honours neither keys nor deadlines. */
const protocol: Partial<Protocol> = { decideCommit: () => ({ kind: 'commit' }) };

async function firstBrokenScenario() {
  for (let seed = 1; ; seed += 1) {
    const scenario = generateScenario(seed);
    const { violation } = await play(scenario, { protocol });
    if (violation !== undefined) return { scenario, violation };
  }
}

describe('a broken scenario', () => {
  it('shrinks to what its violation needs', async () => {
    const { scenario, violation } = await firstBrokenScenario();
    const shrunk = await shrink(scenario, violation, protocol);
    expect((await play(shrunk, { protocol })).violation?.invariant).toBe(violation.invariant);
    expect(JSON.stringify(shrunk).length).toBeLessThan(JSON.stringify(scenario).length);
    expect(shrunk.creates.length).toBeLessThanOrEqual(2);
    expect(shrunk.cancellations).toEqual([]);
  });
});
