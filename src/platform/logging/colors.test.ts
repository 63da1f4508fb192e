import { expect, test } from '@jest/globals';
import { allowsColors } from './colors.ts';

const terminal = { isTTY: true };
const pipe = {};

test.each([
  ['a terminal has colours', terminal, {}, true],
  ['a terminal that cannot show them has none', terminal, { TERM: 'dumb' }, false],
  ['NO_COLOR turns them off', terminal, { NO_COLOR: '1' }, false],
  ['an empty NO_COLOR means nothing', terminal, { NO_COLOR: '' }, true],
  ['FORCE_COLOR=0 turns them off', terminal, { FORCE_COLOR: '0' }, false],
  ['a pipe has none', pipe, { TERM: 'xterm-256color', CI: 'true' }, false],
  ['FORCE_COLOR turns them on in a pipe', pipe, { FORCE_COLOR: '1' }, true],
  ['an empty FORCE_COLOR means nothing', pipe, { FORCE_COLOR: '' }, false],
  ['NO_COLOR wins over FORCE_COLOR', pipe, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
])('%s', (_, stream, env, allowed) => {
  expect(allowsColors(stream, env)).toBe(allowed);
});
