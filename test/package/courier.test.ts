import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { readmeProgram } from './readme-program.ts';

it('adopting the library for a service with pages and nested bodies takes fewer than 80 lines', async () => {
  const { files } = readmeProgram(await readFile(new URL('./courier.md', import.meta.url), 'utf8'));
  expect(Object.keys(files)).toEqual(['courier.mjs', 'workflow.mjs', 'worker.mjs', 'book.mjs', 'courier.test.mjs']);
  const lines = Object.values(files).flatMap((text) => text.split('\n'));
  const written = lines.filter((line) => line.trim() !== '' && !line.startsWith('//'));
  expect(written.length).toBeLessThan(80);
  // As wide as those of this repository.
  expect(written.filter((line) => line.length > 120)).toEqual([]);
});
