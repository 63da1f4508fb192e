import { beforeAll, describe, test } from '@jest/globals';
import pLimit from 'p-limit';

/** What a test does and asserts, under its sentence. */
export type Stories = Readonly<Record<string, () => Promise<void>>>;

/** So many stories of a test file run at a time: more would starve the orders of one another. */
const together = pLimit(10);

/**
 * Tests that wait for timers of their orders rather than for the processor: all of a file are begun at once, after the
 * hooks that are registered before, and each is reported under its own sentence.
 */
export function testTogether(groups: Readonly<Record<string, Stories>>): void {
  const endings = new Map<() => Promise<void>, Promise<void>>();
  beforeAll(() => {
    for (const story of Object.values(groups).flatMap((stories) => Object.values(stories))) {
      const ending = together(story);
      // Reported by its own test, which may come later.
      ending.catch(() => undefined);
      endings.set(story, ending);
    }
  });
  for (const [subject, stories] of Object.entries(groups)) {
    describe(subject, () => {
      for (const [sentence, story] of Object.entries(stories)) test(sentence, () => endings.get(story));
    });
  }
}

/** The same story for each row of a table. */
export function eachOf<Row>(
  rows: Readonly<Record<string, Row>>,
  story: (row: Row, index: number) => Promise<void>,
): Stories {
  return Object.fromEntries(Object.entries(rows).map(([sentence, row], index) => [sentence, () => story(row, index)]));
}
