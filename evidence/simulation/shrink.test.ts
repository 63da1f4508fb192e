import { describe, expect, it } from '@jest/globals';
import { generateStory } from './generate-story.ts';
import { play } from './play.ts';
import { shrink } from './shrink.ts';
import type { Parts } from './world.ts';

/** A service that obeys neither key nor deadline. */
const parts: Partial<Parts> = { decideCommit: () => ({ kind: 'commit' }) };

describe('a broken story', () => {
  it('is shrunk to what is needed, and still broken in the same way', async () => {
    let seed = 1;
    let violation = (await play(generateStory(seed), { parts })).violation;
    for (; violation === undefined; seed += 1) violation = (await play(generateStory(seed), { parts })).violation;
    const story = generateStory(Math.max(1, seed - 1));
    const shrunk = await shrink(story, violation, parts);
    expect((await play(shrunk, { parts })).violation?.invariant).toBe(violation.invariant);
    expect(JSON.stringify(shrunk).length).toBeLessThan(JSON.stringify(story).length);
    expect(shrunk.creates.length).toBeLessThanOrEqual(2);
    expect(shrunk.cancellations).toEqual([]);
  });
});
