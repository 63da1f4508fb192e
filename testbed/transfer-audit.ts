import { readFile } from 'node:fs/promises';
import { decimalOf } from '../src/contracts/money.ts';
import { auditJournal, type JournalAudit } from '../src/services/account-api/journal-audit.ts';
import { isJson } from './is-json.ts';

/** What the journal of the account API says about transfers. It is read without any knowledge of workflows. */
export interface TransferAudit {
  /** The steps that moved money, by transfer id: `withdraw`, `deposit`, `refund`. A step made twice is listed twice. */
  readonly steps: ReadonlyMap<string, readonly string[]>;
  /** Transfers that made a step more than once, or were both deposited and refunded. */
  readonly movedTwice: number;
  /** Transfers that have made one step only: the money has left one account and has not arrived. */
  readonly halfMoved: number;
  /** What all accounts together have lost since they were opened, in cents; negative if they have gained. */
  readonly lostCents: number;
  /** Everything that is wrong, one sentence each. A transfer that is under way is not wrong. */
  readonly problems: readonly string[];
}

/**
 * Audits the journal as it is now. A last line of which a part is missing is ignored: it is being written, or a kill cut
 * it off. A line that lacks only its newline counts, as it does for the account API.
 * @throws when the journal does not add up
 */
export async function auditTransfers(journal: string): Promise<TransferAudit> {
  const audit = await readJournal(journal);
  const steps = stepsByTransfer(audit);
  const all = [...steps.values()];
  const halfMoved = all.filter((made) => made.length === 1).length;
  const lostCents = Object.values(audit.balancesCents).reduce((left, cents) => left - cents, audit.openedCents);
  return {
    steps,
    movedTwice: all.filter((made) => made.length > 2 || new Set(made).size < made.length).length,
    halfMoved,
    lostCents,
    problems: [
      ...Object.entries(audit.moves)
        .filter(([, times]) => times > 1)
        .map(([key]) => `${key} moved money more than once`),
      ...[...steps].flatMap(([transferId, made]) =>
        isPossible(made) ? [] : [`transfer ${transferId} made the steps ${made.join(', ')}`],
      ),
      ...(halfMoved === 0 && lostCents !== 0 ? [`${lostCents} cents are lost`] : []),
    ],
  };
}

/** Balances in cents, by account. */
export type Balances = Readonly<Record<string, number>>;

/** The balances according to the journal. */
export async function balancesIn(journal: string): Promise<Balances> {
  return (await readJournal(journal)).balancesCents;
}

/**
 * How balances have changed, for people: `account_A 900 → 800, account_B 600: 100 missing`.
 * @param missing what to call money that has left one account and not reached another
 */
export function changeText(before: Balances, after: Balances, missing = 'missing'): string {
  const changes = Object.entries(after).map(([account, cents]) => {
    const balances = new Set([before[account] ?? 0, cents]);
    return `${account} ${[...balances].map(decimalOf).join(' → ')}`;
  });
  const sum = (balances: Balances) => Object.values(balances).reduce((total, cents) => total + cents, 0);
  const missingCents = sum(before) - sum(after);
  return changes.join(', ') + (missingCents === 0 ? '' : `: ${decimalOf(missingCents)} ${missing}`);
}

/** A step of a transfer that moved money. */
interface MadeStep {
  readonly account: string;
  /** In cents, immediately before and after this step. */
  readonly before: number;
  readonly after: number;
}

/** The steps of a transfer in the order in which the account API made them, with the balances of the account at that moment. */
export async function stepsOf(journal: string, transferId: string): Promise<readonly MadeStep[]> {
  const steps: MadeStep[] = [];
  for (const line of (await completeLines(journal)).trimEnd().split('\n')) {
    const { kind, key, account, amountCents, newCents } = JSON.parse(line);
    if (!['withdraw', 'deposit'].includes(kind) || !String(key).startsWith(`transfer-${transferId}/`)) continue;
    steps.push({ account, before: newCents + (kind === 'deposit' ? -1 : 1) * amountCents, after: newCents });
  }
  return steps;
}

async function readJournal(journal: string): Promise<JournalAudit> {
  return auditJournal(await completeLines(journal));
}

async function completeLines(journal: string): Promise<string> {
  const text = await readFile(journal, 'utf8');
  const lastLineAt = text.lastIndexOf('\n') + 1;
  return isJson(text.slice(lastLineAt)) ? text : text.slice(0, lastLineAt);
}

function stepsByTransfer({ moves }: JournalAudit): ReadonlyMap<string, readonly string[]> {
  const transfers = new Map<string, string[]>();
  for (const [key, times] of Object.entries(moves)) {
    const [, transferId, step] = /^transfer-(.+)\/(withdraw|deposit|refund)/.exec(key) ?? [];
    if (transferId === undefined || step === undefined) continue;
    transfers.set(transferId, [...(transfers.get(transferId) ?? []), ...Array<string>(times).fill(step)]);
  }
  return transfers;
}

/** One withdrawal, followed by at most one deposit or refund. */
function isPossible(made: readonly string[]): boolean {
  const credits = made.filter((step) => step !== 'withdraw').length;
  return made.length - credits === 1 && credits <= 1;
}
