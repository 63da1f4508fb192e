import { expect, test } from '@jest/globals';
import { capturedStream } from './captured-stream.fixture.ts';
import { createNarrator } from './narrator.ts';
import { createTerminalStream } from './terminal/screen.ts';

/** What a narrator prints on a stream, with 0.0 s as the time of each step. */
function printedOn(columns: number | undefined, tell: (narrator: ReturnType<typeof createNarrator>) => void) {
  const { stream, lines } = capturedStream(columns);
  tell(createNarrator(false, stream));
  return lines()
    .map((line) => line.replace(/^ +\d+\.\d s/, '  0.0 s').trimEnd())
    .filter((line) => line !== '');
}

test('on a terminal, what does not fit is wrapped at words and goes on below its beginning', () => {
  const printed = printedOn(30, (narrator) => {
    narrator.step('started a worker, which continues');
    narrator.detail('its outcome is unknown');
    narrator.line('  order-01  unknown: the worker did not report', 12);
    narrator.paragraph('It replays the history of each order.');
  });
  expect(printed).toEqual([
    '  0.0 s  started a worker,',
    '         which continues',
    '         its outcome is',
    '         unknown',
    '  order-01  unknown: the',
    '            worker did not',
    '            report',
    'It replays the history of each',
    'order.',
  ]);
});

test('a pipe gets each text in one line', () => {
  const text = 'a long explanation '.repeat(20).trim();
  const printed = printedOn(undefined, (narrator) => {
    narrator.step(text);
    narrator.line(text);
    narrator.paragraph(text);
  });
  expect(printed).toEqual([`  0.0 s  ${text}`, text, text]);
});

test('a narrator that is muted leaves what it has printed and says nothing more', async () => {
  const { stream, settled, allRows } = createTerminalStream(40, 24);
  const narrator = createNarrator(false, stream);
  narrator.line('before');
  narrator.show(['kept up to date']);
  narrator.mute();
  narrator.line('after');
  narrator.show(['kept up to date']);
  await narrator.during('waiting', Promise.resolve());
  await settled();
  expect(allRows()).toEqual(['before']);
});

test('text that people copy is never wrapped', () => {
  const command = 'export TEMPORAL_ADDRESS=127.0.0.1:7233';
  expect(printedOn(20, (narrator) => narrator.print(command))).toEqual([command]);
});
