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

/** Of three files that run at a time two wait for the server, most of the time. The shortest files are left for the end. */
const SHARE = 3;

function weave(waiting, busy) {
  const woven = waiting.flatMap((each, index) => [each, ...busy.slice(index * SHARE, (index + 1) * SHARE)]);
  return [...woven, ...busy.slice(waiting.length * SHARE)];
}
