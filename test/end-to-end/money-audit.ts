import { readFile } from 'node:fs/promises';

export interface MoneyAudit {
  /** In cents, by account, summed up from what was moved. */
  readonly balances: ReadonlyMap<string, number>;
  /** What was really moved for each transfer: `withdraw`, `deposit`, `refund`; by transfer id. */
  readonly moves: ReadonlyMap<string, readonly string[]>;
  /** Everything that speaks against the journal, a sentence each. */
  readonly wrong: readonly string[];
}

interface Line {
  readonly kind: string;
  readonly account: string;
  readonly amountCents: number;
  readonly newCents: number;
  readonly key?: string;
}

/**
 * Sums up the journal of the account API, by code of its own: money is neither made nor lost, and each step of each
 * transfer has moved it at most once. A torn last line, which a kill leaves, counts for nothing.
 */
export async function auditMoney(journal: string): Promise<MoneyAudit> {
  const text = await readFile(journal, 'utf8');
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  const balances = new Map<string, number>();
  const moves = new Map<string, string[]>();
  const keys = new Set<string>();
  const wrong: string[] = [];
  let openedCents = 0;
  for (const line of lines.filter((each) => each !== '').map((each): Line => JSON.parse(each))) {
    const { kind, account, amountCents, newCents, key } = line;
    if (kind === 'open') {
      balances.set(account, newCents);
      openedCents += newCents;
    }
    if (kind !== 'withdraw' && kind !== 'deposit') continue;
    const balance = (balances.get(account) ?? Number.NaN) + (kind === 'withdraw' ? -amountCents : amountCents);
    balances.set(account, balance);
    if (balance !== newCents || balance < 0) wrong.push(`${account} holds ${balance}, its line says ${newCents}`);
    if (key === undefined) continue;
    if (keys.has(key)) wrong.push(`${key} has moved money twice`);
    keys.add(key);
    const [, transferId = '', step = ''] = /^transfer-(.+)\/(withdraw|deposit|refund)/.exec(key) ?? [];
    // A cancelled transfer gives the money back under the key of its deposit.
    moves.set(transferId, [...(moves.get(transferId) ?? []), step]);
  }
  for (const [transferId, steps] of moves) {
    const credits = steps.filter((step) => step !== 'withdraw').length;
    if (steps.filter((step) => step === 'withdraw').length !== 1 || credits > 1) {
      wrong.push(`transfer ${transferId} has moved ${steps.join(', ')}`);
    }
  }
  const halfMoved = [...moves.values()].filter((steps) => steps.length === 1).length;
  const heldCents = [...balances.values()].reduce((sum, cents) => sum + cents, 0);
  if (halfMoved === 0 && heldCents !== openedCents)
    wrong.push(`${openedCents} cents were opened with, ${heldCents} are held`);
  return { balances, moves, wrong };
}
