import { colors } from '../../platform/logging/colors.ts';
import type { Audit } from './audit.ts';

/** Prints an audit for people. */
export function printAudit(report: {
  databaseDir: string;
  ticketSystemUrl: string;
  /** Null if the ticket system does not respond. */
  inFlight: number | null;
  audit: Audit;
}): void {
  const { counts, problems } = report.audit;
  console.log(`Audit of ${report.databaseDir}, from its files and its ledger alone\n`);
  row('orders', counts.orders, 'with a create received or a ticket on disk');
  row('exactly one', counts.exactlyOne, 'live ticket');
  row('duplicates', counts.duplicates, 'more than one live ticket', counts.duplicates > 0);
  row('missing', counts.missing, 'no live ticket', counts.missing > 0);
  row('voided', counts.voided, 'voided tickets');
  row('received', counts.sends, 'creates received');
  row('commits', counts.commits, 'tickets created');
  if (report.inFlight === null)
    row('in flight', '?', `unknown: no ticket system responds at ${report.ticketSystemUrl}`);
  else row('in flight', report.inFlight, 'requests accepted and not yet finished');
  console.log('');
  for (const problem of problems) console.log(`${colors.red('problem')}  ${problem}`);
  if (problems.length === 0) console.log('no problems found in the files');
}

function row(name: string, value: number | string, meaning: string, isWrong = false): void {
  const text = `  ${name.padEnd(12)}${String(value).padStart(7)}  ${meaning}`;
  console.log(isWrong ? colors.red(text) : text);
}
