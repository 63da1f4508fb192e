import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, test } from '@jest/globals';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import { mutate } from './compile-mutant.ts';
import { MUTANTS } from './mutants.ts';

const mutant = { name: 'wrong', file: 'packages/exactly-one/src/protocol/a.ts', from: 'old', to: 'new' };
const read = (file: string) => readFileSync(path.join(PROJECT_FOLDER, file), 'utf8');

describe('a mutant', () => {
  it('replaces one text of its file, literally', () => {
    expect(mutate('the old way', { ...mutant, to: "$& $'" })).toBe("the $& $' way");
  });

  it('finds its text however the formatter has broken the lines', () => {
    expect(mutate('if (a &&\n    b) return;', { ...mutant, from: '  if (a && b) return;', to: '' })).toBe('');
  });

  it.each(['nothing', 'old and old'])('is refused when its text does not occur exactly once: %s', (text) => {
    expect(() => mutate(text, mutant)).toThrow('packages/exactly-one/src/protocol/a.ts, expected once');
  });
});

test('every mutant has a unique name and matches the current protocol', () => {
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
  expect(MUTANTS.length).toBeGreaterThanOrEqual(24);
  for (const each of MUTANTS) expect(mutate(read(each.file), each)).not.toBe(read(each.file));
});
