// A program for tests: logs until something arrives on its stdin, and keeps its count in a file.
import { writeFileSync } from 'node:fs';
import { createLogger } from './logger.ts';

const [, , countFile = ''] = process.argv;
const logger = createLogger('logs', 'info');
const padding = 'x'.repeat(1_000);
let count = 0;

const logging = setInterval(() => {
  for (let n = 0; n < 50; n += 1) logger.info({ count: ++count, padding }, 'line');
  writeFileSync(countFile, String(count));
}, 2);
process.stdin.once('data', () => {
  clearInterval(logging);
  process.stdin.destroy();
});
