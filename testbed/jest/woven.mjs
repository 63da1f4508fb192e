import Sequencer from '@jest/test-sequencer';

/** The longest, by their names: a fresh clone knows of no earlier run, and these files only import others. */
const LONGEST = [
  'order-steps',
  'crash-points',
  'order-endings',
  'transfers-under-faults-hostile',
  'transfers-under-faults-real-world',
];

/**
 * Weaves the test files that wait for the Temporal server into those that keep a processor busy, long ones first: all at
 * once, the former would only wait for one another.
 */
export default class Woven extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const isLongest = ({ path }) => LONGEST.some((name) => path.endsWith(`/${name}.test.ts`));
    const waiting = sorted.filter(usesTemporal);
    const longFirst = [...waiting.filter(isLongest), ...waiting.filter((test) => !isLongest(test))];
    return weave(
      longFirst,
      sorted.filter((test) => !usesTemporal(test)),
    );
  }
}

function usesTemporal({ context }) {
  return context.config.displayName?.name === 'end-to-end';
}

/** After each file that waits comes a share of the others, in each share long ones and short ones. */
function weave(waiting, busy) {
  const share = (index) => busy.filter((_, place) => place % waiting.length === index);
  return waiting.length === 0 ? busy : waiting.flatMap((each, index) => [each, ...share(index)]);
}
