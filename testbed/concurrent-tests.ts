import { test } from '@jest/globals';

/** Tests by their sentences. */
export type ConcurrentTests = Readonly<Record<string, () => Promise<void>>>;

/**
 * Defines tests that run at the same time, up to `maxConcurrency` of jest's configuration. They mostly wait for timers,
 * so they do not slow each other down. Each is named by its subject and sentence and can be selected with `-t`.
 * @param groups the tests, by subject
 */
export function testConcurrently(groups: Readonly<Record<string, ConcurrentTests>>): void {
  for (const [subject, tests] of Object.entries(groups)) {
    for (const [sentence, run] of Object.entries(tests)) test.concurrent(`${subject} ${sentence}`, run);
  }
}

/** The same test for each row of a table. */
export function eachOf<Row>(
  rows: Readonly<Record<string, Row>>,
  run: (row: Row, index: number) => Promise<void>,
): ConcurrentTests {
  return Object.fromEntries(Object.entries(rows).map(([sentence, row], index) => [sentence, () => run(row, index)]));
}
