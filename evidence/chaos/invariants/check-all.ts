import type { Evidence } from '../evidence/evidence.ts';
import { readStoredTickets } from '../evidence/stored-tickets.ts';
import { completeFiles } from './complete-files.ts';
import { endsInTime } from './ends-in-time.ts';
import { expectedEnding } from './expected-ending.ts';
import { neverTwoLive } from './never-two-live.ts';
import { noCreateBeforeTheFence } from './no-create-before-the-fence.ts';
import { noCreateBesideATicket } from './no-create-beside-a-ticket.ts';
import { oneLiveTicket } from './one-live-ticket.ts';
import { requestIds } from './request-ids.ts';
import { returnedTicket } from './returned-ticket.ts';
import type { Check, Violation } from './violation.ts';

/** What must hold of every round, each with its sentence. I6 is about money, of which no order moves any. */
export const INVARIANTS = {
  I1: 'exactly one live ticket per completed order, none per any other',
  I2: 'the ticket returned is the one stored, and live',
  I3: 'no two creates received with one Request-Id',
  I4: 'within one run no create after a look that showed a live ticket',
  I5: 'a file is absent or whole',
  I7: 'an order ends within its bound once everything answers again',
  I8: 'no card number in history, log or file',
  ending: 'an order ends as what was done to it allows',
  fence: 'no create while an earlier one may still commit, but under a key',
  'two live': 'never two live tickets where the ticket system promises something',
} as const;

export type Invariant = keyof typeof INVARIANTS;

export interface Found extends Violation {
  readonly invariant: Invariant;
}

/** I8 is looked for while the texts are read: they are too large to keep. */
const CHECKS: Readonly<Record<Exclude<Invariant, 'I8'>, Check>> = {
  I1: oneLiveTicket,
  I2: returnedTicket,
  I3: requestIds,
  I4: noCreateBesideATicket,
  I5: completeFiles,
  I7: endsInTime,
  ending: expectedEnding,
  fence: noCreateBeforeTheFence,
  'two live': neverTwoLive,
};

/** All that is wrong in what a round has left behind. */
export function checkAll(evidence: Evidence): readonly Found[] {
  const stored = readStoredTickets(evidence.files);
  return Object.entries(CHECKS).flatMap(([invariant, check]) =>
    check(evidence, stored).map((violation) => ({ invariant: invariant as Invariant, ...violation })),
  );
}
