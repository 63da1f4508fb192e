import type { AccountApi } from '../../src/clients/account-api.ts';
import { colors } from '../../src/platform/logging/colors.ts';
import { classifyFailure } from '../../src/resilience/classify.ts';
import { type RetryPolicy, retry } from '../../src/resilience/retry.ts';
import { count, percent, textTable } from '../../testbed/text-table.ts';
import type { Lab, LabOptions, LabReport } from './lab.ts';
import { withAccountApi } from './real-services.ts';
import {
  isAsTheFormula,
  STANDARD_ERRORS,
  type SuccessBesideFormula,
  successBesideFormula,
} from './success-beside-formula.ts';
import { bar } from './text-plot.ts';

const FAILING = 0.3;
const MOST_RETRIES = 3;
/**
 * The faults of a call depend on how many calls its account had before it. So each account is asked by one caller, one
 * call after the other: then the same seed fails the same calls again.
 */
const ACCOUNTS = ['account_A', 'account_B'];
const TIMEOUT_MS = 30_000;
/** The odds do not depend on how long is waited, so that nobody waits. */
const POLICY: RetryPolicy = {
  name: 'read a balance',
  maxAttempts: MOST_RETRIES + 1,
  backOff: { baseMs: 0, capMs: 0 },
  budgetMs: 600_000,
};
const PLOT_WIDTH = 60;

export interface RetriesFigures {
  readonly calls: number;
  readonly requests: number;
  readonly ofRetries: readonly (SuccessBesideFormula & { readonly retries: number })[];
}

export const retries: Lab = {
  shows: '10,000 calls with R retries, measured beside 1-(1-q)^(R+1)',
  run: runRetries,
};

/**
 * Reads balances again and again at a service that fails three of ten requests. One run with three retries measures
 * every smaller number of them too: the attempt that succeeded tells.
 * @param options.calls a multiple of the two accounts; default 10,000
 */
export async function runRetries(
  options: LabOptions & { readonly calls?: number },
): Promise<LabReport<RetriesFigures>> {
  const { seed, calls = 10_000 } = options;
  const figures = await measure(seed, calls);
  const { ofRetries, requests } = figures;
  const ok = ofRetries.every(isAsTheFormula);
  return {
    ok,
    figures,
    lines: [
      `The account API answers 500 to ${FAILING * 100} % of all requests, seeded: q = ${1 - FAILING}.`,
      `${count(calls)} calls with up to ${MOST_RETRIES} retries, ${count(requests)} requests.`,
      '',
      ...tableOf(figures),
      '',
      ...plotOf(figures),
    ],
    learnt:
      `${MOST_RETRIES} retries turn ${percent(ofRetries[0]?.measured ?? 0)} into ` +
      `${percent(ofRetries.at(-1)?.measured ?? 0)}, for ${(requests / calls).toFixed(2)} requests a call: ` +
      `${ok ? 'as' : 'NOT as'} the formula says.`,
  };
}

async function measure(seed: number, calls: number): Promise<RetriesFigures> {
  const rules = [{ point: 'account.before-commit', kind: 'error-500', probability: FAILING }] as const;
  return withAccountApi({ seed, rules }, async ({ client, requestsReceived }) => {
    const ofAccounts = ACCOUNTS.map((account) => readOften(client, account, calls / ACCOUNTS.length));
    const attempts = (await Promise.all(ofAccounts)).flat();
    const ofRetries = Array.from({ length: MOST_RETRIES + 1 }, (_, retries) => {
      const within = attempts.filter((attempt) => attempt <= retries + 1).length;
      const besideFormula = { successes: within, calls, retries, successProbabilityOfOne: 1 - FAILING };
      return { retries, ...successBesideFormula(besideFormula) };
    });
    return { calls, requests: requestsReceived(), ofRetries };
  });
}

/** @returns for each call the attempt that succeeded, or infinity */
async function readOften(client: AccountApi, account: string, calls: number): Promise<readonly number[]> {
  const attempts: number[] = [];
  for (let call = 0; call < calls; call += 1) attempts.push(await attemptThatSucceeded(client, account));
  return attempts;
}

async function attemptThatSucceeded(client: AccountApi, account: string): Promise<number> {
  try {
    return await retry(async ({ number, requestId }) => {
      await client.balance(account, { timeoutMs: TIMEOUT_MS, requestId });
      return number;
    }, POLICY);
  } catch (error) {
    if (classifyFailure(error).reason.startsWith('status 500')) return Number.POSITIVE_INFINITY;
    throw error;
  }
}

function tableOf({ ofRetries }: RetriesFigures): readonly string[] {
  return textTable(
    ['retries', 'measured', 'formula', 'difference', `chance (${STANDARD_ERRORS} standard errors)`].map((title) => ({
      title,
      align: 'right',
    })),
    ofRetries.map(({ retries, measured, formula, allowed }) => [
      String(retries),
      percent(measured),
      percent(formula),
      `${measured < formula ? '' : '+'}${percent(measured - formula)}`,
      `± ${percent(allowed)}`,
    ]),
  );
}

function plotOf({ ofRetries }: RetriesFigures): readonly string[] {
  return ofRetries.flatMap(({ retries, measured, formula }) => [
    `R = ${retries}  ${bar(measured, PLOT_WIDTH).padEnd(PLOT_WIDTH)}  ${percent(measured)}`,
    colors.dim(`formula${bar(formula, PLOT_WIDTH).replaceAll('█', '░')}`),
  ]);
}
