import { Writable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { createLogOutput } from './log-output.ts';

/** A stream whose reader can stall, or whose disk can be full. */
function createReader() {
  const read: string[] = [];
  let waiting: (() => void) | undefined;
  let stalled = false;
  let failure: Error | null = null;
  const stream = new Writable({
    autoDestroy: false,
    highWaterMark: 1,
    write(chunk, _encoding, done) {
      const take = () => {
        if (failure === null) read.push(String(chunk));
        done(failure);
      };
      if (stalled) waiting = take;
      else take();
    },
  });
  return {
    stream,
    lines: () => read.join('').split('\n').slice(0, -1),
    stall: () => {
      stalled = true;
    },
    continue: () => {
      stalled = false;
      waiting?.();
    },
    failWith: (error: Error | null) => {
      failure = error;
    },
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const report = (dropped: number) => `${dropped} dropped\n`;

test('lines that nobody reads are dropped beyond a limit, and counted where they are missing', async () => {
  const reader = createReader();
  const output = createLogOutput(reader.stream, report, 10);
  output.write('read\n');
  reader.stall();
  for (const line of ['waits 1\n', 'waits 2\n', 'lost 1\n', 'lost 2\n', 'lost 3\n']) output.write(line);
  expect(reader.stream.writableLength).toBeLessThan(20);
  reader.continue();
  await turn();
  output.write('read again\n');
  await turn();
  expect(reader.lines()).toEqual(['read', 'waits 1', 'waits 2', '3 dropped', 'read again']);
});

test('a full disk does not end the program', async () => {
  const reader = createReader();
  const output = createLogOutput(reader.stream, report);
  reader.failWith(Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
  for (let n = 0; n < 3; n += 1) {
    output.write('lost\n');
    await turn();
  }
  expect(reader.lines()).toEqual([]);
});

test('a reader that has gone is not asked again', async () => {
  const reader = createReader();
  const output = createLogOutput(reader.stream, report);
  reader.failWith(Object.assign(new Error('broken pipe'), { code: 'EPIPE' }));
  output.write('lost\n');
  await turn();
  reader.failWith(null);
  output.write('not written\n');
  await turn();
  expect(reader.lines()).toEqual([]);
});
