import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRegularFile } from '../../platform/files/open-regular-file.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { ACCOUNT_PRESETS, type AccountPoint } from '../faults/account-faults.ts';
import { createFaultPlan } from '../faults/fault-plan.ts';
import type { FaultRule } from '../faults/fault-rules.ts';
import { type AccountApiOptions, createAccountApi } from './app.ts';

/** A unit test starts no process, and no other process knows its folder. */
const openLocked = openRegularFile;

type Headers = Readonly<Record<string, string>>;

/** Starts an account API on a new database, with shorthands for tests. */
export async function startAccountApi(options: Partial<AccountApiOptions> = {}) {
  const databaseDir = options.databaseDir ?? (await mkdtemp(join(tmpdir(), 'account-api-')));
  const faultPlan = createFaultPlan<AccountPoint>(ACCOUNT_PRESETS, { seed: 1, preset: 'calm' });
  const logger = createLogger('account-api', 'silent');
  const app = await createAccountApi({ databaseDir, faultPlan, logger, openLocked, ...options });

  /** Sends a body exactly as given. */
  const postText = (url: string, payload: string, headers: Headers = {}) =>
    app.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/json', ...headers } });
  const operate = (operation: string, account: string, amount: number | string, key?: string) =>
    postText(
      `/accounts/${account}/${operation}`,
      `{"amount":${amount}}`,
      key === undefined ? {} : { 'idempotency-key': key },
    );

  return {
    app,
    databaseDir,
    postText,
    get: (url: string) => app.inject(url),
    /** @param amount as written in the body */
    withdraw: (account: string, amount: number | string, key?: string) => operate('withdraw', account, amount, key),
    deposit: (account: string, amount: number | string, key?: string) => operate('deposit', account, amount, key),
    balance: async (account: string) => (await app.inject(`/accounts/${account}`)).json().balance,
    /** From now on injects these faults into every call. */
    fault(...rules: readonly Omit<FaultRule<AccountPoint>, 'probability'>[]) {
      faultPlan.choose({ seed: 1, rules: rules.map((rule) => ({ ...rule, probability: 1 })) });
    },
    journal: () => readFile(join(databaseDir, 'accounts', 'journal.jsonl'), 'utf8'),
    async stop() {
      await app.close();
      await rm(databaseDir, { recursive: true, force: true });
    },
  };
}

export type AccountApiUnderTest = Awaited<ReturnType<typeof startAccountApi>>;

/** The status of a response, and the code of an error. */
export function statusAndCode(response: {
  statusCode: number;
  json: () => { code?: string };
}): [number, string | undefined] {
  return [response.statusCode, response.json().code];
}
