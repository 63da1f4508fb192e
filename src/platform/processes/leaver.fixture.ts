// A program of the tests: leaves with its parent, in order, which the file named by its argument then tells.
import { writeFileSync } from 'node:fs';
import { leaveWithParent } from './leave-with-parent.ts';

const [, , mark = ''] = process.argv;
setInterval(() => undefined, 10_000);
leaveWithParent(() => {
  console.log('to a broken pipe');
  writeFileSync(mark, '');
});
console.log('up');
