import Sequencer from '@jest/test-sequencer';

/** The longest test files come first, also in a fresh clone that knows of no earlier run: those that start many orders. */
export default class LongFirst extends Sequencer {
  sort(tests) {
    const isLong = ({ path }) => path.includes('/test/end-to-end/');
    const sorted = super.sort(tests);
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
}
