import { Writable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { createPrefixedOutput } from './prefixed-output.ts';

test('aligns the names and makes JSON lines readable, without colour on a pipe', () => {
  const written: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk));
      done();
    },
  });
  const print = createPrefixedOutput(['temporal', 'worker'], stream);

  print('temporal')('is ready');
  print('worker')('{"level":30,"time":0,"pid":7,"hostname":"h","name":"worker","orderId":"order-1","msg":"created"}');
  print('worker')('{ not JSON');

  expect(written[0]).toBe('temporal | is ready\n');
  expect(written[1]).toMatch(/^worker {3}\| \[\d\d:\d\d:\d\d\.\d{3}\] INFO: created {"orderId":"order-1"}\n$/);
  expect(written[2]).toBe('worker   | { not JSON\n');
});
