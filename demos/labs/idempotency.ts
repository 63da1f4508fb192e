import { join } from 'node:path';
import { Type } from 'typebox';
import type { AccountApi } from '../../src/clients/account-api.ts';
import type { MoneyMoved } from '../../src/contracts/account-activities.ts';
import { decimalOf } from '../../src/contracts/money.ts';
import { textTable } from '../../src/platform/terminal/text-table.ts';
import { idempotencyKeyOf } from '../../src/resilience/idempotency-key.ts';
import { createRunOnce } from '../../src/resilience/run-once.ts';
import { openIdempotencyStore } from '../../src/services/storage/idempotency-store.ts';
import { withTemporaryFolder } from '../../testbed/temporary-folder.ts';
import type { Lab, LabOptions, LabReport } from './lab.ts';
import { withAccountApi } from './real-services.ts';
import {
  AMOUNT_CENTS,
  DEPOSITS,
  type Deposits,
  depositAll,
  keyOf,
  type Repetition,
  repeatLast,
} from './retried-deposits.ts';

const LOST_SHARE = 0.4;
const TIMEOUT_MS = 30_000;
const Moved = Type.Object({ previousCents: Type.Integer(), newCents: Type.Integer() });

interface IdempotencyFigures {
  readonly withoutKey: Deposits;
  readonly withKey: Deposits;
  readonly dedupe: Repetition;
  readonly runOnce: { readonly effects: number; readonly first: MoneyMoved; readonly replayed: MoneyMoved };
  readonly keys: readonly { readonly payload: string; readonly key: string }[];
}

export const idempotency: Lab = {
  shows: 'deposits whose responses are lost, retried without a key and with one',
  run: runIdempotency,
};

export async function runIdempotency({ seed }: LabOptions): Promise<LabReport<IdempotencyFigures>> {
  const rules = [{ point: 'account.after-commit', kind: 'connection-reset', probability: LOST_SHARE }] as const;
  const figures = await withAccountApi({ seed, rules }, async ({ client, faults }) => {
    const withoutKey = (await depositAll(client, 'account_A', () => ({}))).deposits;
    const keyed = await depositAll(client, 'account_B', (payment) => ({
      idempotencyKey: keyOf('account_B', payment),
    }));
    faults.choose({ seed, preset: 'calm' });
    return {
      withoutKey,
      withKey: keyed.deposits,
      dedupe: await repeatLast(client, keyed.lastResponse),
      runOnce: await withdrawOnce(client),
      keys: keysOfPayloads(),
    };
  });
  const { withoutKey, withKey } = figures;
  return {
    ok: isAsExpected(figures),
    figures,
    lines: linesOf(figures),
    summary:
      `Without a key, ${decimalOf(withoutKey.wantedCents)} became ${decimalOf(withoutKey.arrivedCents)}. With keys, ` +
      `exactly ${decimalOf(withKey.arrivedCents)} was deposited, although ${withKey.answersLost} responses were lost.`,
  };
}

/** Runs an effect twice with the same key. The store is reopened in between, as after a restart. */
function withdrawOnce(client: AccountApi): Promise<IdempotencyFigures['runOnce']> {
  return withTemporaryFolder(async (folder) => {
    let effects = 0;
    const payload = { account: 'account_B', amountCents: AMOUNT_CENTS };
    const withdraw = async () => {
      const store = await openIdempotencyStore(join(folder, 'runs'));
      return createRunOnce(store)({
        key: idempotencyKeyOf('withdraw', payload),
        payload,
        schema: Moved,
        effect: () => {
          effects += 1;
          return client.withdraw(payload.account, payload.amountCents, { timeoutMs: TIMEOUT_MS });
        },
      });
    };
    const first = await withdraw();
    const replayed = await withdraw();
    return { effects, first, replayed };
  });
}

/** The first two payloads mean the same, the last one does not. */
function keysOfPayloads(): IdempotencyFigures['keys'] {
  const payloads = [
    { account: 'account_A', amount: { cents: 100, currency: 'EUR' } },
    { amount: { currency: 'EUR', cents: 100 }, account: 'account_A' },
    { account: 'account_A', amount: { cents: 101, currency: 'EUR' } },
  ];
  return payloads.map((payload) => ({
    payload: JSON.stringify(payload),
    key: idempotencyKeyOf('deposit', payload),
  }));
}

function isAsExpected({ withoutKey, withKey, dedupe, runOnce, keys }: IdempotencyFigures): boolean {
  const [first, permuted, other] = keys.map(({ key }) => key);
  return (
    withoutKey.arrivedCents > withoutKey.wantedCents &&
    withKey.arrivedCents === withKey.wantedCents &&
    withKey.answersLost > 0 &&
    isSameMove(dedupe.answer, dedupe.answerToTheRepetition) &&
    dedupe.movedByTheRepetitionCents === 0 &&
    runOnce.effects === 1 &&
    isSameMove(runOnce.first, runOnce.replayed) &&
    first === permuted &&
    first !== other
  );
}

function isSameMove(one: MoneyMoved, other: MoneyMoved): boolean {
  return one.previousCents === other.previousCents && one.newCents === other.newCents;
}

function linesOf({ withoutKey, withKey, dedupe, runOnce, keys }: IdempotencyFigures): readonly string[] {
  const rowOf = (title: string, { requests, answersLost, wantedCents, arrivedCents }: Deposits) => [
    title,
    String(requests),
    String(answersLost),
    decimalOf(wantedCents),
    decimalOf(arrivedCents),
  ];
  const numbers = ['requests', 'responses lost', 'intended', 'deposited'].map((title) => ({
    title,
    align: 'right' as const,
  }));
  return [
    `${DEPOSITS} deposits of ${decimalOf(AMOUNT_CENTS)}; ${LOST_SHARE * 100} % of the responses are lost after the commit.`,
    '',
    ...textTable(
      [{ title: 'retried' }, ...numbers],
      [rowOf('without a key', withoutKey), rowOf('with a key', withKey)],
    ),
    '',
    'The last deposit once more, with the same key:',
    `  key              ${dedupe.key}`,
    `  first response   ${moveOf(dedupe.answer)}`,
    `  second response  ${moveOf(dedupe.answerToTheRepetition)}`,
    `  moved again      ${decimalOf(dedupe.movedByTheRepetitionCents)}`,
    '',
    'runOnce: a withdrawal, then the same one after the store was reopened:',
    `  first result     ${moveOf(runOnce.first)}`,
    `  second result    ${moveOf(runOnce.replayed)}`,
    `  effects          ${runOnce.effects}`,
    '',
    'Keys of payloads: the order of the properties does not matter, their values do:',
    ...keys.flatMap(({ payload, key }) => [`  ${payload}`, `    ${key}`]),
  ];
}

function moveOf({ previousCents, newCents }: MoneyMoved): string {
  return `${decimalOf(previousCents)} → ${decimalOf(newCents)}`;
}
