import type { AccountApi } from '../../src/clients/account-api.ts';
import { colors } from '../../src/platform/logging/colors.ts';
import { textTable } from '../../src/platform/terminal/text-table.ts';
import { classifyFailure } from '../../src/resilience/classify.ts';
import { type RetryPolicy, retry } from '../../src/resilience/retry.ts';
import { count, percent } from '../../testbed/number-text.ts';
import type { Lab, LabOptions, LabReport } from './lab.ts';
import { type MeasuredSuccess, matchesFormula, measuredSuccess, STANDARD_ERRORS } from './measured-success.ts';
import { withAccountApi } from './real-services.ts';
import { bar } from './text-plot.ts';

const FAILING_SHARE = 0.3;
const MAX_RETRIES = 3;
/**
 * Faults depend on how many calls an account has had before. Each account therefore has one caller, which makes one call
 * after the other, so that the same seed fails the same calls.
 */
const ACCOUNTS = ['account_A', 'account_B'];
const TIMEOUT_MS = 30_000;
/** The delays do not affect the success rate, so there are none. */
const POLICY: RetryPolicy = {
  name: 'read a balance',
  maxAttempts: MAX_RETRIES + 1,
  backOff: { baseMs: 0, capMs: 0 },
  budgetMs: 600_000,
};
const PLOT_WIDTH = 60;

interface RetriesFigures {
  readonly calls: number;
  readonly requests: number;
  readonly ofRetries: readonly (MeasuredSuccess & { readonly retries: number })[];
}

export const retries: Lab = {
  shows: '10,000 calls with R retries: measured success and 1-(1-q)^(R+1)',
  run: runRetries,
};

/**
 * Reads balances from a service that fails three in ten requests. One run with three retries also measures all smaller
 * numbers of retries, because it records which attempt succeeded.
 * @param options.calls an even number, because there are two accounts; default 10,000
 */
export async function runRetries(
  options: LabOptions & { readonly calls?: number },
): Promise<LabReport<RetriesFigures>> {
  const { seed, calls = 10_000 } = options;
  const figures = await measure(seed, calls);
  const { ofRetries, requests } = figures;
  const ok = ofRetries.every(matchesFormula);
  return {
    ok,
    figures,
    lines: [
      `The account API fails ${FAILING_SHARE * 100} % of the requests: each succeeds with q = ${1 - FAILING_SHARE}.`,
      `${count(calls)} calls with up to ${MAX_RETRIES} retries took ${count(requests)} requests.`,
      '',
      ...tableOf(figures),
      '',
      ...plotOf(figures),
    ],
    summary:
      `${MAX_RETRIES} retries raise the success rate from ${percent(ofRetries[0]?.measured ?? 0)} to ` +
      `${percent(ofRetries.at(-1)?.measured ?? 0)}, with ${(requests / calls).toFixed(2)} requests per call: ` +
      `${ok ? 'as' : 'NOT as'} the formula predicts.`,
  };
}

async function measure(seed: number, calls: number): Promise<RetriesFigures> {
  const rules = [{ point: 'account.before-commit', kind: 'error-500', probability: FAILING_SHARE }] as const;
  return withAccountApi({ seed, rules }, async ({ client, requestsReceived }) => {
    const ofAccounts = ACCOUNTS.map((account) => readOften(client, account, calls / ACCOUNTS.length));
    const attempts = (await Promise.all(ofAccounts)).flat();
    const ofRetries = Array.from({ length: MAX_RETRIES + 1 }, (_, retries) => {
      const within = attempts.filter((attempt) => attempt <= retries + 1).length;
      const sample = { successes: within, calls, retries, successProbabilityOfOne: 1 - FAILING_SHARE };
      return { retries, ...measuredSuccess(sample) };
    });
    return { calls, requests: requestsReceived(), ofRetries };
  });
}

/** @returns for each call the number of the attempt that succeeded, or infinity */
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
    ['retries', 'measured', 'formula', 'difference', `allowed (${STANDARD_ERRORS} standard errors)`].map((title) => ({
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
    `R = ${retries}    ${bar(measured, PLOT_WIDTH).padEnd(PLOT_WIDTH)}  ${percent(measured)}`,
    colors.dim(`formula  ${bar(formula, PLOT_WIDTH).replaceAll('█', '░')}`),
  ]);
}
