import { stripVTControlCharacters } from 'node:util';
import { expect, test } from '@jest/globals';
import { rowLines } from './rows.ts';

const ROWS = [
  ['order', 'order-7'],
  ['waiting for', 'getToken, attempt 4, last: connect ECONNREFUSED 127.0.0.1:3999'],
  ['ticket', undefined],
  ['Temporal UI', 'http://127.0.0.1:8233/namespaces/default/workflows/order-7'],
] as const;

const plain = (lines: readonly string[]) => lines.map(stripVTControlCharacters);

test('in a pipe, each row of a status is one line', () => {
  expect(plain(rowLines(ROWS, undefined))).toEqual([
    'order         order-7',
    'waiting for   getToken, attempt 4, last: connect ECONNREFUSED 127.0.0.1:3999',
    'Temporal UI   http://127.0.0.1:8233/namespaces/default/workflows/order-7',
  ]);
});

test('on a terminal, long values are wrapped at words, and an address stays whole', () => {
  expect(plain(rowLines(ROWS, 50))).toEqual([
    'order         order-7',
    'waiting for   getToken, attempt 4, last: connect',
    '              ECONNREFUSED 127.0.0.1:3999',
    'Temporal UI   http://127.0.0.1:8233/namespaces/default/workflows/order-7',
  ]);
});
