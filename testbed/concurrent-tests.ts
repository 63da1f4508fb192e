import { test } from '@jest/globals';

/** What a test does and asserts, under its sentence. */
export type Scenarios = Readonly<Record<string, () => Promise<void>>>;

/**
 * Tests that wait for the timers of their orders rather than for the processor, so they run at the same time: at most
 * `maxConcurrency` of jest's configuration. Each is reported under its subject and sentence, and can be run alone.
 * @param groups by subject
 */
export function testConcurrently(groups: Readonly<Record<string, Scenarios>>): void {
  for (const [subject, scenarios] of Object.entries(groups)) {
    for (const [sentence, scenario] of Object.entries(scenarios)) test.concurrent(`${subject} ${sentence}`, scenario);
  }
}

/** The same scenario for each row of a table. */
export function eachOf<Row>(
  rows: Readonly<Record<string, Row>>,
  scenario: (row: Row, index: number) => Promise<void>,
): Scenarios {
  return Object.fromEntries(
    Object.entries(rows).map(([sentence, row], index) => [sentence, () => scenario(row, index)]),
  );
}
