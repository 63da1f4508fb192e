import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from '@jest/globals';
import { mutate } from './compile-mutant.ts';
import { MUTANTS } from './mutants.ts';

const mutant = { name: 'wrong', file: 'packages/exactly-one/src/a.ts', from: 'old', to: 'new' };
const fileOf = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

describe('a mutant', () => {
  it('is its file with the one text replaced, whatever stands in the new one', () => {
    expect(mutate('the old way', { ...mutant, to: "$& $'" })).toBe("the $& $' way");
  });

  it('is found wherever the formatter has broken its lines', () => {
    expect(mutate('if (a &&\n    b) return;', { ...mutant, from: '  if (a && b) return;', to: '' })).toBe('');
  });

  it.each(['nothing', 'old and old'])('is refused when its text is not found exactly once: %s', (text) => {
    expect(() => mutate(text, mutant)).toThrow('packages/exactly-one/src/a.ts, expected once');
  });
});

test('every mutant of the list has a name of its own and fits the protocol of today', () => {
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
  expect(MUTANTS.length).toBeGreaterThanOrEqual(24);
  for (const each of MUTANTS) expect(mutate(fileOf(each.file), each)).not.toBe(fileOf(each.file));
});
