import Sequencer from '@jest/test-sequencer';

/** The longest files. In a fresh clone jest knows no durations and sorts by file size, but these files are short. */
const LONGEST = [
  'transfers-under-faults',
  'failpoints',
  'comparison/main.end-to-end',
  'shipping-labels.end-to-end',
  'benchmark/main.end-to-end',
  'end-to-end/starter/live-view',
  'simulation/simulation',
  'simulation/main.process',
  'audit-load.process',
  'command-lines.process',
  'workflow-bundle.process',
  'dev-server.process',
  'users-environment.process',
  'replay',
];

/**
 * End-to-end tests mostly wait for the Temporal server; the others keep a processor busy. This order mixes them, because
 * end-to-end tests that run together would only wait for each other.
 */
export default class TestSequencer extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const waiting = sorted.filter(isEndToEnd);
    const busy = sorted.filter((test) => !isEndToEnd(test));
    return interleave(longestFirst(waiting), longestFirst(busy));
  }
}

function isEndToEnd({ context }) {
  return context.config.displayName?.name === 'end-to-end';
}

function longestFirst(tests) {
  return [...tests.filter(isLongest), ...tests.filter((test) => !isLongest(test))];
}

function isLongest({ path }) {
  return LONGEST.some((name) => path.endsWith(`/${name}.test.ts`));
}

/** Puts a share of the busy tests, with long and short ones, after each waiting test. */
function interleave(waiting, busy) {
  const share = (index) => busy.filter((_, place) => place % waiting.length === index);
  return waiting.length === 0 ? busy : waiting.flatMap((test, index) => [test, ...share(index)]);
}
