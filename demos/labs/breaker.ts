import { setTimeout as sleepFor } from 'node:timers/promises';
import type { AccountApi } from '../../src/clients/account-api.ts';
import { colors } from '../../src/platform/logging/colors.ts';
import { textTable } from '../../src/platform/terminal/text-table.ts';
import { type CircuitBreaker, CircuitOpen, createCircuitBreaker } from '../../src/resilience/circuit-breaker.ts';
import { classifyFailure } from '../../src/resilience/classify.ts';
import type { Lab, LabOptions, LabReport } from './lab.ts';
import { withAccountApi } from './real-services.ts';

const FAILURES_TO_OPEN = 3;
const OPEN_FOR_MS = 500;
const TRY_EVERY_MS = 100;
const CALLS_OF_A_ROUND = 8;
const TIMEOUT_MS = 30_000;
/** What the service does in each round. If the breaker is open, the next round starts when it may try a call. */
const ROUNDS = ['well', 'fails', 'fails', 'fails', 'well', 'well'] as const;
const DOWN = [{ point: 'account.before-commit', kind: 'error-500', probability: 1 }] as const;

type State = ReturnType<CircuitBreaker<unknown>['state']>;
type Outcome = 'succeeded' | 'failed' | 'not made';

interface BreakerFigures {
  readonly rounds: readonly {
    readonly service: (typeof ROUNDS)[number];
    /** In order, each with the state of the breaker when it was made or refused. */
    readonly calls: readonly { readonly state: State; readonly outcome: Outcome }[];
    readonly stateAfter: State;
  }[];
  /** The states in the order in which the calls met them. */
  readonly states: readonly State[];
  readonly calls: number;
  readonly requestsReceived: number;
  readonly spared: number;
}

export const breaker: Lab = {
  shows: 'a circuit breaker in front of a service that fails for a while',
  run: runBreaker,
};

/**
 * Calls a service in rounds; the calls of a round follow each other without a pause.
 * @param options.sleep how the time passes while the breaker is open; default: on the real clock
 */
export async function runBreaker(
  options: LabOptions & { readonly sleep?: (ms: number) => Promise<unknown> },
): Promise<LabReport<BreakerFigures>> {
  const { seed, sleep = sleepFor } = options;
  const figures = await withAccountApi({ seed, preset: 'calm' }, async ({ client, faults, requestsReceived }) => {
    const circuit = createCircuitBreaker<Outcome>({
      failuresToOpen: FAILURES_TO_OPEN,
      openForMs: OPEN_FOR_MS,
      tryEveryMs: TRY_EVERY_MS,
      judge: (outcome) => (outcome === 'succeeded' ? 'up' : 'down'),
      nowMs: Date.now,
    });
    const rounds: BreakerFigures['rounds'][number][] = [];
    for (const service of ROUNDS) {
      // A timer may fire slightly before the wall clock reaches its time.
      if (circuit.state() === 'open') await sleep(OPEN_FOR_MS + 20);
      faults.choose(service === 'fails' ? { seed, rules: DOWN } : { seed, preset: 'calm' });
      const calls: { state: State; outcome: Outcome }[] = [];
      for (let call = 0; call < CALLS_OF_A_ROUND; call += 1) calls.push(await callThrough(circuit, client));
      rounds.push({ service, calls, stateAfter: circuit.state() });
    }
    return figuresOf(rounds, requestsReceived());
  });
  return {
    ok: isAsExpected(figures),
    figures,
    lines: linesOf(figures),
    summary:
      `Of ${figures.calls} calls, ${figures.requestsReceived} reached the service and ${figures.spared} failed fast, because ` +
      'the breaker was open. One success while half-open closed it.',
  };
}

async function callThrough(circuit: CircuitBreaker<Outcome>, client: AccountApi) {
  const state = circuit.state();
  try {
    return { state, outcome: await circuit.run(() => outcomeOf(client)) };
  } catch (error) {
    if (error instanceof CircuitOpen) return { state, outcome: 'not made' as const };
    throw error;
  }
}

async function outcomeOf(client: AccountApi): Promise<Outcome> {
  try {
    await client.balance('account_A', { timeoutMs: TIMEOUT_MS });
    return 'succeeded';
  } catch (error) {
    if (classifyFailure(error).kind === 'transient') return 'failed';
    throw error;
  }
}

function figuresOf(rounds: BreakerFigures['rounds'], requestsReceived: number): BreakerFigures {
  const calls = rounds.flatMap((round) => round.calls);
  const seen = rounds.flatMap((round) => [...round.calls.map(({ state }) => state), round.stateAfter]);
  return {
    rounds,
    states: seen.filter((state, index) => state !== seen[index - 1]),
    calls: calls.length,
    requestsReceived,
    spared: calls.filter(({ outcome }) => outcome === 'not made').length,
  };
}

function isAsExpected({ states, calls, requestsReceived, spared, rounds }: BreakerFigures): boolean {
  return (
    states.join(' ') === 'closed open half-open open half-open open half-open closed' &&
    spared > 0 &&
    requestsReceived + spared === calls &&
    rounds.at(-1)?.calls.every(({ outcome }) => outcome === 'succeeded') === true
  );
}

const SERVICE: Readonly<Record<(typeof ROUNDS)[number], string>> = { well: 'healthy', fails: 'failing' };
const MARKS: Readonly<Record<Outcome, string>> = { succeeded: '✓', failed: '✗', 'not made': '·' };

function linesOf({ rounds, states }: BreakerFigures): readonly string[] {
  return [
    `${CALLS_OF_A_ROUND} calls per round. ${FAILURES_TO_OPEN} failures in a row open the breaker for ${OPEN_FOR_MS} ms.`,
    'If the breaker is open, the next round starts after that time.',
    '',
    ...textTable(
      ['round', 'service', 'calls', 'state at first call', 'state after'].map((title) => ({ title })),
      rounds.map(({ service, calls, stateAfter }, index) => [
        String(index + 1),
        SERVICE[service],
        calls.map(({ outcome }) => MARKS[outcome]).join(' '),
        calls[0]?.state ?? '',
        stateAfter,
      ]),
    ),
    colors.dim('✓ succeeded  ✗ failed  · not made, because the breaker was open'),
    '',
    `States: ${states.join(' → ')}`,
  ];
}
