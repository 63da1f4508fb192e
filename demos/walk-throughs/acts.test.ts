import { expect, test } from '@jest/globals';
import { capturedStream } from '../../testbed/captured-stream.fixture.ts';
import { createNarrator } from '../../testbed/narrator.ts';
import { withActs } from './acts.ts';

function narratorOn(columns?: number, withKeyboard = false) {
  const { stream, lines } = capturedStream(columns);
  const presses: (() => void)[] = [];
  const keyboard = { untilEnter: () => new Promise<void>((resolve) => presses.push(resolve)), close: () => undefined };
  const narrator = withActs(createNarrator(false, stream), withKeyboard ? keyboard : undefined);
  return { narrator, lines, pressEnter: () => presses.shift()?.() };
}

test('an act has a number, a title and an explanation, and begins by itself', async () => {
  const { narrator, lines } = narratorOn();
  await narrator.act('A crash', 'The worker is killed.');
  await narrator.act('A new worker', 'It continues.');
  expect(lines()).toEqual([
    '',
    'Act 1 · A crash',
    'The worker is killed.',
    '',
    'Act 2 · A new worker',
    'It continues.',
  ]);
});

test('with a keyboard, an act begins when somebody presses Enter, after its explanation', async () => {
  const { narrator, lines, pressEnter } = narratorOn(80, true);
  let hasBegun = false;
  const act = narrator.act('A crash', 'The worker is killed.').then(() => {
    hasBegun = true;
  });
  await Promise.resolve();
  expect(lines().join('\n')).toMatch(/Act 1 · A crash\s+The worker is killed\.\s+⏎ Enter/);
  expect(hasBegun).toBe(false);
  pressEnter();
  await act;
});

test('in a pipe nobody needs time to read', async () => {
  const { narrator, lines } = narratorOn();
  await narrator.timeToRead(1_000_000, 'the fix follows');
  expect(lines()).toEqual(['']);
});
