import { colors } from '../../platform/logging/colors.ts';
import { maskOutput } from '../../platform/secrets/mask-output.ts';
import type { Audit, AuditCounts } from './audit.ts';

/** The counts of an audit as lines for people, wrong ones in red. */
export function auditLines(counts: AuditCounts): readonly string[] {
  return [
    line('orders', counts.orders, 'with a create received or a ticket on disk'),
    line('exactly one', counts.exactlyOne, 'live ticket'),
    line('duplicates', counts.duplicates, 'more than one live ticket', counts.duplicates > 0),
    line('missing', counts.missing, 'no live ticket', counts.missing > 0),
    line('voided', counts.voided, 'voided tickets'),
    line('received', counts.sends, 'creates received'),
    line('commits', counts.commits, 'tickets created'),
  ];
}

/** Prints an audit for people. */
export function printAudit(report: {
  databaseDir: string;
  ticketSystemUrl: string;
  /** Null if the ticket system does not respond. */
  inFlight: number | null;
  audit: Audit;
}): void {
  const { counts, problems } = report.audit;
  console.log(`Audit of ${maskOutput(report.databaseDir)}, from its files and its ledger alone\n`);
  for (const each of auditLines(counts)) console.log(each);
  console.log(
    report.inFlight === null
      ? line('in flight', '?', `unknown: no ticket system responds at ${maskOutput(report.ticketSystemUrl)}`)
      : line('in flight', report.inFlight, 'requests accepted and not yet finished'),
  );
  if (report.inFlight === null) {
    console.log(`${' '.repeat(23)}start it: npm run ticket-system; another address: TICKET_SYSTEM_URL`);
  }
  console.log('');
  for (const problem of problems) console.log(`${colors.red('problem')}  ${maskOutput(problem)}`);
  if (problems.length === 0) console.log('no problems found in the files');
  console.log('what people have claimed about orders is not in them: npm run starter -- audit');
}

function line(name: string, value: number | string, meaning: string, isWrong = false): string {
  const text = `  ${name.padEnd(12)}${String(value).padStart(7)}  ${meaning}`;
  return isWrong ? colors.red(text) : text;
}
