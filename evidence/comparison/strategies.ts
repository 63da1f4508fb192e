import { InvalidArgumentError } from 'commander';
import type { Guarantee } from 'exactly-one';
import { didYouMean } from '../../src/contracts/did-you-mean.ts';
import { workflowTypes } from '../../src/contracts/workflow-names.ts';
import { readGuarantee } from '../../src/platform/config/guarantee.ts';
import type * as workflows from './workflows/index.ts';

/** A way to get one ticket for each order. */
export interface Strategy {
  readonly name: string;
  /** What must be true of the ticket system for the strategy to work. */
  readonly assumes: string;
  /** The ticket system's guarantee while the strategy runs. */
  readonly guarantee: Guarantee;
  /** Undefined for the script, which is not a workflow. */
  readonly workflowType: keyof typeof workflows | undefined;
  /** Whether the strategy claims exactly one ticket for each order. */
  readonly claimsExactlyOne: boolean;
}

const common = { guarantee: 'none', claimsExactlyOne: false } as const;

/** The product, with a ticket system of this guarantee. */
const exactlyOne = (guarantee: Guarantee, assumes: string): Strategy => ({
  name: `exactly-one-${guarantee}`,
  assumes,
  guarantee,
  workflowType: workflowTypes.processOrder,
  claimsExactlyOne: true,
});

/** The simplest first. */
export const STRATEGIES: readonly Strategy[] = [
  {
    ...common,
    name: 'script',
    assumes: 'an error means that no ticket was created; a file lists the finished orders',
    workflowType: undefined,
  },
  {
    ...common,
    name: 'retry',
    assumes: 'an error means that no ticket was created, so Temporal may retry',
    workflowType: 'retry',
  },
  {
    ...common,
    name: 'key-per-attempt',
    assumes: 'the ticket system honours idempotency keys, and an error means that no ticket was created',
    guarantee: 'idempotency-key',
    workflowType: 'keyPerAttempt',
  },
  {
    ...common,
    name: 'check-then-create',
    assumes:
      'the list of tickets is never stale; a create that failed has committed before the next attempt or never will',
    workflowType: 'checkThenCreate',
  },
  {
    ...common,
    name: 'once',
    assumes: 'an error means that no ticket was created, and an order may fail',
    workflowType: 'once',
  },
  {
    ...common,
    name: 'once-then-validate',
    assumes: 'a ticket is visible within SETTLE_MS; a failed validation means that there is none',
    workflowType: 'onceThenValidate',
  },
  exactlyOne('none', 'a create commits within CREATE_DEADLINE_MS + SETTLE_MS + the sum of LATE_WATCH_MS'),
  exactlyOne('deadline', 'the ticket system commits a create before its deadline or never'),
  exactlyOne('idempotency-key', 'the ticket system honours idempotency keys and deadlines'),
];

/** Selects the product with each guarantee. */
const ALL_EXACTLY_ONE = 'exactly-one';

/** The names that can be selected. */
export const STRATEGY_NAMES: readonly string[] = [...STRATEGIES.map(({ name }) => name), ALL_EXACTLY_ONE];

/**
 * Reads a list of names from the command line: `retry,exactly-one-none`. Guarantees have the same aliases as elsewhere.
 * @throws InvalidArgumentError for an unknown name
 */
export function readStrategyNames(text: string): readonly string[] {
  const names = text.split(',').map((name) => withoutAlias(name.trim()));
  const unknown = names.find((name) => !STRATEGY_NAMES.includes(name));
  if (unknown === undefined) return names;
  throw new InvalidArgumentError(
    `${JSON.stringify(unknown)} is not a strategy; expected some of ${STRATEGY_NAMES.join(', ')}.${didYouMean(unknown, STRATEGY_NAMES)}`,
  );
}

function withoutAlias(name: string): string {
  const [, guarantee] = /^exactly-one-(.+)$/.exec(name) ?? [];
  return guarantee === undefined ? name : `exactly-one-${readGuarantee(guarantee)}`;
}

/**
 * The strategies with these names, each once, in the order of {@link STRATEGIES}.
 * @param names some of {@link STRATEGY_NAMES}
 */
export function strategiesNamed(names: readonly string[]): readonly Strategy[] {
  return STRATEGIES.filter(
    ({ name, claimsExactlyOne }) => names.includes(name) || (claimsExactlyOne && names.includes(ALL_EXACTLY_ONE)),
  );
}
