import { Writable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { createTerminalStream } from '../../testbed/terminal/screen.ts';
import { createOutput } from './output.ts';

test.each([
  [true, 120, 120],
  [true, 0, 80],
  [true, undefined, 80],
  [false, undefined, undefined],
])('where stdout is a terminal: %j, of %j columns, the width is %j', (isTTY, columns, width) => {
  const stdout = Object.assign(new Writable(), { isTTY, ...(columns === undefined ? {} : { columns }) });
  expect(createOutput(stdout, new Writable()).columns()).toBe(width);
});

test('on a terminal, notes and results for people are wrapped at words; what people copy and JSON stay whole', async () => {
  const [stdout, stderr] = [createTerminalStream(40, 24), createTerminalStream(40, 24)];
  const output = createOutput(stdout.stream, stderr.stream);
  output.note('order-7 waits: no worker polls the task queue orders');
  output.noteToCopy('npm run starter -- order order-1 order-2 order-3');
  output.say('✗ order-7  unknown  connect ECONNREFUSED 127.0.0.1:3001', 2);
  output.print('{"orderId":"order-7","error":"connect ECONNREFUSED"}');
  await Promise.all([stdout.settled(), stderr.settled()]);
  expect(stderr.allRows()).toEqual([
    'order-7 waits: no worker polls the task',
    'queue orders',
    'npm run starter -- order order-1 order-2',
    ' order-3',
  ]);
  expect(stdout.allRows()).toEqual([
    '✗ order-7  unknown  connect ECONNREFUSED',
    '  127.0.0.1:3001',
    '{"orderId":"order-7","error":"connect EC',
    'ONNREFUSED"}',
  ]);
});
