import { expect, it } from '@jest/globals';
import { readmeProgram } from './readme-program.ts';

const README = [
  ...['# A library', '```sh', 'npm install a-library', '```', 'Two files:'],
  ...['```js', '// one.mjs', 'export const one = `1`;', '```', '```js', '// two.mjs', "import './one.mjs';", '```'],
  ...['```sh', 'node two.mjs', '```', '```text', 'one', '', 'two', '```'],
].join('\n');

it('the program of a README is its files, its commands and its output, as printed', () => {
  expect(readmeProgram(README)).toEqual({
    files: { 'one.mjs': '// one.mjs\nexport const one = `1`;\n', 'two.mjs': "// two.mjs\nimport './one.mjs';\n" },
    commands: ['npm install a-library', 'node two.mjs'],
    output: ['one', 'two'],
  });
});

it('a block of code without the name of its file is refused', () => {
  expect(() => readmeProgram('```js\nconst one = 1;\n```')).toThrow(
    'the block does not begin with the name of its file: const one = 1;',
  );
});
