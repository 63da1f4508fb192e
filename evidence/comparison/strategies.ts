import type { Guarantee } from 'exactly-one';
import { workflowTypes } from '../../src/contracts/workflow-names.ts';

/** A way to get one ticket for each order. */
export interface Strategy {
  readonly name: string;
  /** What it believes of the ticket system, or needs of it. */
  readonly assumes: string;
  /** The guarantee of the ticket system. */
  readonly mode: Guarantee;
  /** The workflow that it is, by its type's name; the script is none. */
  readonly workflowType: string | undefined;
  /** Whether exactly one ticket for each order is what it claims. */
  readonly claimsExactlyOne: boolean;
}

const plain = { mode: 'none', claimsExactlyOne: false } as const;
const exactlyOne = { workflowType: workflowTypes.processOrder, claimsExactlyOne: true } as const;

/** Beginning with the least care. */
export const STRATEGIES: readonly Strategy[] = [
  {
    ...plain,
    name: 'script',
    assumes: 'an error means that nothing was made; a file says which orders are done',
    workflowType: undefined,
  },
  {
    ...plain,
    name: 'retry',
    assumes: 'an error means that nothing was made, so Temporal may send again',
    workflowType: 'retry',
  },
  {
    ...plain,
    name: 'once',
    assumes: 'an error means that nothing was made, and an order may fail',
    workflowType: 'once',
  },
  {
    ...plain,
    name: 'once-then-validate',
    assumes: 'a ticket shows within SETTLE_MS; a look that fails means that there is none',
    workflowType: 'onceThenValidate',
  },
  {
    ...exactlyOne,
    name: 'exactly-one-naive',
    assumes: 'a create commits within CREATE_DEADLINE_MS + SETTLE_MS + all of LATE_WATCH_MS',
    mode: 'none',
  },
  {
    ...exactlyOne,
    name: 'exactly-one-deadline',
    assumes: 'the ticket system commits a create before its deadline or never',
    mode: 'deadline',
  },
  {
    ...exactlyOne,
    name: 'exactly-one-idempotency-key',
    assumes: 'the ticket system keeps idempotency keys, and deadlines',
    mode: 'idempotency-key',
  },
];

/** Stands for all of its modes. */
const EXACTLY_ONE = 'exactly-one';

/** What may be chosen. */
export const STRATEGY_NAMES: readonly string[] = [...STRATEGIES.map(({ name }) => name), EXACTLY_ONE];

/**
 * The strategies of these names, each once, in the order of {@link STRATEGIES}.
 * @param names each of {@link STRATEGY_NAMES}
 */
export function strategiesOf(names: readonly string[]): readonly Strategy[] {
  return STRATEGIES.filter(
    ({ name, claimsExactlyOne }) => names.includes(name) || (claimsExactlyOne && names.includes(EXACTLY_ONE)),
  );
}
