import { Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { createTerminalStream } from '../../testbed/terminal/screen.ts';
import { createLiveView } from './live-view.ts';

test('a line that is kept up to date is cut to the width of the terminal', async () => {
  const { stream, settled, allRows } = createTerminalStream(20, 24);
  createLiveView(stream, []).show(['order-3  settling, create 1  last: unknown', 'order-4  preparing']);
  await settled();
  expect(allRows()).toEqual(['', 'order-3  settling, …', 'order-4  preparing']);
});

const LINES = Array.from({ length: 30 }, (_, index) => `order-${index + 1} 票 is settling until its fence has passed`);
const SUMMARY = '0/30 done · 30 settling';

describe.each([
  [120, 40],
  [80, 24],
  [40, 10],
])('on a terminal of %d columns and %d rows, the live view', (columns, rows) => {
  const onTerminal = () => {
    const terminal = createTerminalStream(columns, rows);
    return { ...terminal, view: createLiveView(terminal.stream, []) };
  };

  test('fills two thirds of the rows at most: it counts the lines that do not fit, and always shows the summary', async () => {
    const { view, allRows, settled, emulator } = onTerminal();
    for (let time = 0; time < 3; time += 1) view.show(LINES, SUMMARY);
    await settled();
    const [above, ...shown] = allRows();
    expect(above).toBe('');
    expect(shown.length).toBe(Math.min(Math.floor((rows * 2) / 3), 24) - 1);
    expect(shown.at(-1)).toBe(SUMMARY);
    expect(shown.at(-2)).toBe(`  and ${30 - (shown.length - 2)} more`);
    expect(shown[0]).toBe(columns > 60 ? LINES[0] : 'order-1 票 is settling until its fence …');
    expect(emulator.buffer.active.baseY).toBe(0);
  });

  test('stays below what is printed, and leaves nothing but that', async () => {
    const { view, allRows, settled, stream } = onTerminal();
    view.show(LINES, SUMMARY);
    view.print('✓ order-1  TICKET-1');
    view.show(LINES.slice(1), SUMMARY);
    stream.write('a warning of a library\n');
    stream.write('without a line feed');
    view.show(LINES.slice(0, 3));
    await settled();
    expect(allRows().slice(0, 3)).toEqual(['✓ order-1  TICKET-1', 'a warning of a library', 'without a line feed']);
    expect(allRows()).toHaveLength(7);
    view.end();
    stream.write('after the end, ');
    stream.write('writes are as usual\n');
    await settled();
    expect(allRows()).toEqual([
      ...['✓ order-1  TICKET-1', 'a warning of a library', 'without a line feed'],
      'after the end, writes are as usual',
    ]);
  });

  test.each([
    ['narrower', 30, rows],
    ['much narrower', 12, rows],
    ['wider', 150, rows],
    ['lower', columns, 7],
    ['narrower and lower', 30, 7],
  ])('leaves no ghost lines on the screen when the terminal becomes %s', async (_, toColumns, toRows) => {
    const { view, rows: visible, settled, resize, emulator } = onTerminal();
    view.print('printed before');
    view.show(LINES.slice(0, 5), SUMMARY);
    await settled();
    resize(toColumns, toRows);
    view.show(LINES.slice(0, 4), SUMMARY);
    await settled();
    const fits = Math.floor((toRows * 2) / 3) - 1;
    expect(visible().filter((row) => row.startsWith('order-'))).toHaveLength(fits < 5 ? fits - 2 : 4);
    expect(visible().filter((row) => row.startsWith('0/30'))).toHaveLength(1);
    view.end();
    await settled();
    expect(visible().filter((row) => row !== '')).toEqual(
      emulator.buffer.active.baseY > 0 ? [] : wrapped('printed before', toColumns),
    );
  });
});

test('output of this process on another stream of the same terminal is printed above the live view', async () => {
  const terminal = createTerminalStream(80, 24);
  const stderr = Object.assign(new Writable({ write: (chunk, _, done) => void terminal.stream.write(chunk, done) }), {
    isTTY: true,
  });
  const view = createLiveView(terminal.stream, [stderr]);
  view.show(LINES.slice(0, 2), SUMMARY);
  stderr.write('a warning on stderr\n');
  await terminal.settled();
  expect(terminal.allRows()).toEqual(['a warning on stderr', '', ...LINES.slice(0, 2), SUMMARY]);
});

test.each([
  ['in the middle of the screen', 2],
  ['at its end', 24],
])('Enter, and what else is typed while a live view is up, leaves no ghost line %s', async (_, printed) => {
  const { stream, settled, allRows, print } = createTerminalStream(80, 24);
  const view = createLiveView(stream, []);
  const before = Array.from({ length: printed }, (_, index) => `printed ${index}`);
  for (const line of before) view.print(line);
  view.show(LINES.slice(0, 2), SUMMARY);
  await settled();
  for (const typed of ['\r\n', 'is it stuck?', '\r\n']) {
    // The terminal itself shows what is typed.
    await print(typed);
    view.show(LINES.slice(0, 2), SUMMARY);
    await settled();
  }
  expect(allRows().filter((row) => row !== '')).toEqual([...before, ...LINES.slice(0, 2), SUMMARY]);
  view.end();
  await settled();
  expect(allRows().filter((row) => row !== '')).toEqual(before);
});

test('a pipe gets each line that stays once, and nothing else', () => {
  let text = '';
  const pipe = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  const view = createLiveView(pipe, []);
  view.show(LINES, SUMMARY);
  view.print('✓ order-1  TICKET-1');
  view.show(LINES.slice(1), SUMMARY);
  view.end();
  expect(text).toBe('✓ order-1  TICKET-1\n');
});

function wrapped(text: string, columns: number): readonly string[] {
  return text.match(new RegExp(`.{1,${columns}}`, 'g')) ?? [];
}
