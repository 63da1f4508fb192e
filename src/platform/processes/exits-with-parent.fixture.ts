// A program for tests: exits with its parent, and creates the file named in its argument when it shuts down.
import { writeFileSync } from 'node:fs';
import { exitWithParent } from './exit-with-parent.ts';

const [, , mark = ''] = process.argv;
setInterval(() => undefined, 10_000);
exitWithParent(() => {
  console.log('to a broken pipe');
  writeFileSync(mark, '');
});
console.log('up');
