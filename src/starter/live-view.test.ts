import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from '@jest/globals';
import { createLiveView } from './live-view.ts';

test('a line that is kept up to date is cut to the width of the terminal', () => {
  let text = '';
  const terminal = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  createLiveView(Object.assign(terminal, { isTTY: true, columns: 20 })).show([
    'order-3  settling, create 1  last: unknown',
    'order-4  preparing',
  ]);
  expect(stripVTControlCharacters(text).split('\n')).toEqual(['order-3  settling, …', 'order-4  preparing', '']);
});
