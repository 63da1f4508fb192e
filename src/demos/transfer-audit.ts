import { readFile } from 'node:fs/promises';
import { decimalOf } from '../contracts/money.ts';

/** What the journal of the account API tells about transfers. */
export interface TransferAudit {
  /** Transfers that have withdrawn. */
  readonly withdrawn: number;
  /** Transfers that have made a step twice. */
  readonly movedTwice: number;
  /** Transfers that have withdrawn and neither deposited nor refunded. */
  readonly halfMoved: number;
  /** What both accounts hold less than they opened with, in cents; negative when they hold more. */
  readonly lostCents: number;
}

interface Line {
  readonly kind: 'open' | 'withdraw' | 'deposit' | 'refusal';
  readonly amountCents: number;
  readonly newCents: number;
  readonly key?: string;
}

/**
 * Counts from the journal alone, knowing nothing of workflows.
 * @param journal read before and after, it tells what happened between
 */
export async function auditTransfers(journal: string): Promise<TransferAudit> {
  const text = await readFile(journal, 'utf8');
  const lines = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Line => JSON.parse(line));
  const steps = new Map<string, string[]>();
  let lostCents = 0;
  for (const { kind, amountCents, key } of lines) {
    if (kind === 'withdraw') lostCents += amountCents;
    if (kind === 'deposit') lostCents -= amountCents;
    const [, transfer, step] = /^(transfer-.+)\/(withdraw|deposit|refund)/.exec(key ?? '') ?? [];
    if (kind === 'open' || kind === 'refusal' || transfer === undefined || step === undefined) continue;
    steps.set(transfer, [...(steps.get(transfer) ?? []), step]);
  }
  const all = [...steps.values()];
  return {
    withdrawn: all.length,
    movedTwice: all.filter((each) => each.length > 2 || new Set(each).size < each.length).length,
    halfMoved: all.filter((each) => each.length === 1).length,
    lostCents,
  };
}

/** The balance of an account as the journal has it, for people. */
export async function balancesIn(journal: string): Promise<string> {
  const balances = new Map<string, number>();
  for (const line of (await readFile(journal, 'utf8')).split('\n').filter((each) => each !== '')) {
    const { account, newCents } = JSON.parse(line);
    if (typeof newCents === 'number') balances.set(account, newCents);
  }
  return [...balances].map(([account, cents]) => `${account} ${decimalOf(cents)}`).join(', ');
}
