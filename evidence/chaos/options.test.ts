import { expect, it } from '@jest/globals';
import { readOptions } from './options.ts';

it('the options are minutes, also fractions, a seed, and where the report goes', () => {
  expect(readOptions([])).toEqual({ minutes: 2, seed: 112_358, json: false, keep: false });
  const options = ['--minutes', '0.5', '--seed', '7', '--json', '--report', 'report.json'];
  expect(readOptions(options)).toMatchObject({ minutes: 0.5, seed: 7, json: true, report: 'report.json' });
});

it.each([
  [['--minutes', '0'], "argument '0' is invalid. expected minutes above 0"],
  [['--minutes', 'ten'], "argument 'ten' is invalid. expected minutes above 0"],
  [['--seed', '-1'], "argument '-1' is invalid. expected a whole number from 0 to 4294967295"],
  [['--seconds', '7'], "unknown option '--seconds'"],
  [['10'], 'too many arguments'],
])('%j is refused, and the error says what is allowed', (args, sentence) => {
  const errors: string[] = [];
  expect(() => readOptions(args, (text) => errors.push(text))).toThrow();
  expect(errors.join('')).toContain(sentence);
});
