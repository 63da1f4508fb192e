import { clockText } from '../contracts/times.ts';
import { colors } from '../platform/logging/colors.ts';
import { maskOutput } from '../platform/secrets/mask-output.ts';
import { auditedOrders } from './audited-orders.ts';
import { unlessAborted } from './detach.ts';
import { during } from './during.ts';
import { createLiveView } from './live-view.ts';
import type { Session } from './session.ts';
import { createTicketAudit } from './ticket-audit.ts';
import { type CheckedClaim, isContradicted, isGood, type Verdict, verdictLine } from './verdict.ts';

/**
 * Prints how the orders of the task queue stand, and lists those that a person has resolved beside the tickets that the
 * ticket system has of them.
 * @returns the exit code: 0 when nothing is known to be wrong, 1 otherwise
 */
export async function auditCommand(session: Session, json: boolean): Promise<number> {
  const { output, detach, taskQueue } = session;
  const asking = unlessAborted(judge(session), detach);
  const verdict = await during(createLiveView(output.stdout), 'asking Temporal and the ticket system', asking);
  if (verdict === 'aborted') return 1;
  if (json) {
    output.print(JSON.stringify({ taskQueue, ...verdictJson(verdict) }));
  } else {
    print(session, verdict);
  }
  return isGood(verdict) ? 0 : 1;
}

async function judge({ client, taskQueue, ticketSystemUrl }: Session): Promise<Verdict> {
  const tickets = createTicketAudit(ticketSystemUrl);
  const [{ claims, ...counts }, ticketSystem] = await Promise.all([
    auditedOrders(client, taskQueue),
    tickets.all().catch(() => undefined),
  ]);
  const checked: CheckedClaim[] = [];
  for (const claim of claims) {
    const found = ticketSystem && (await tickets.ofOrder(claim.orderId).catch(() => undefined));
    checked.push({ claim, found });
  }
  return { ...counts, claims: checked, ticketSystem };
}

function verdictJson({ claims, ticketSystem, ...counts }: Verdict): object {
  return {
    ...counts,
    claims: claims.map((each) => ({
      ...each.claim,
      found: each.found === undefined ? null : { live: each.found.live, voided: each.found.voided },
      contradicted: isContradicted(each),
    })),
    ticketSystem: ticketSystem ?? null,
  };
}

function print({ output, taskQueue, ticketSystemUrl }: Session, verdict: Verdict): void {
  const { orders, oneTicket, noTicket, claims, unknown, open, ticketSystem } = verdict;
  const count = (name: string, value: number, meaning: string, isWrong = false) => {
    const line = `  ${name.padEnd(12)}${String(value).padStart(7)}  ${meaning}`;
    output.say(isWrong ? colors.red(line) : line, MEANING_INDENT);
  };
  output.say(`Orders on the task queue ${taskQueue}, as Temporal knows them`);
  output.print('');
  count('orders', orders, 'submitted');
  count('one ticket', oneTicket, 'completed with the one ticket that they found');
  count('no ticket', noTicket, 'rejected, or cancelled in time');
  count('claimed', claims.length, 'ended by what a person said, which is no proof');
  count('unknown', unknown, 'given up, terminated or failed: there may be a ticket', unknown > 0);
  count('open', open, 'have not ended');
  const address = maskOutput(ticketSystemUrl);
  if (ticketSystem === undefined) {
    output.print('');
    output.say(`The tickets are unknown: no ticket system responds at ${address} (set TICKET_SYSTEM_URL)`);
  } else {
    output.print('');
    output.say(`Tickets of the ticket system at ${address}, from its files alone`);
    output.print('');
    count('exactly one', ticketSystem.exactlyOne, 'orders with one live ticket');
    count('duplicates', ticketSystem.duplicates, 'orders with more than one', ticketSystem.duplicates > 0);
    count('missing', ticketSystem.missing, 'orders with a create and no live ticket');
  }
  output.print('');
  if (claims.length > 0) output.say('Claimed by a person, which is no proof');
  for (const claim of claims) printClaim(output.say, claim);
  if (claims.length > 0) output.print('');
  output.say(verdictLine(verdict));
}

/** Below the meaning of a count. */
const MEANING_INDENT = 23;

function printClaim(say: (text: string, indent?: number) => void, checked: CheckedClaim): void {
  const { claim, found } = checked;
  const what = 'none' in claim ? 'no ticket' : claim.ticketId;
  say(`  ${claim.orderId}  ${what}, says ${claim.by}, ${clockText(claim.atMs, Date.now())}: ${claim.reason}`, 4);
  const has = found === undefined ? 'unknown' : found.live.join(', ') || 'no live ticket';
  const line = `    in the ticket system: ${has}`;
  say(isContradicted(checked) ? colors.red(`${line}. This contradicts it`) : line, 4);
  for (const problem of found?.problems ?? []) say(colors.red(`    ${problem}`), 4);
}
