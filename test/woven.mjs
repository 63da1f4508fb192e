import Sequencer from '@jest/test-sequencer';

/** The longest, by their names: a fresh clone knows of no earlier run, and these files only import others. */
const LONGEST = ['order-steps', 'crash-points', 'order-endings', 'transfers-under-faults'];

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

/** One of `few`, then its share of `many`, and so on. */
function weave(few, many) {
  const share = Math.ceil(many.length / Math.max(1, few.length));
  const woven = few.flatMap((each, index) => [each, ...many.slice(index * share, (index + 1) * share)]);
  return few.length === 0 ? many : woven;
}
