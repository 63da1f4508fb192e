import type { RoundEvidence } from '../collect/round-evidence.ts';
import { readStoredTickets } from '../collect/stored-tickets.ts';
import { noCreateBeforeTheFence, noCreateBesideATicket, uniqueRequestIds } from './creates.ts';
import { neverTwoLive, oneLiveTicket, returnedTicket } from './live-tickets.ts';
import { endsInTime, expectedEnding } from './order-endings.ts';
import type { Check, Violation } from './violation.ts';

/** What must hold after every round. I6 is about money, which orders do not move. */
export const INVARIANTS = {
  I1: 'exactly one live ticket per completed order, none per any other order',
  I2: 'the ticket returned is the one stored, and it is live',
  I3: 'no two creates received with one Request-Id',
  I4: 'within one run, no create after a validation that showed a live ticket',
  I5: 'a file is absent or complete',
  I7: 'an order ends within its bound once the services respond again',
  I8: 'no card number in a history, a log or a file',
  ending: 'an order ends only in a way that its clients and its creates explain',
  fence: 'no create while an earlier one may still commit, except under an idempotency key',
  'two live': 'never two live tickets where the ticket system guarantees deadlines or keys',
} as const;

export type Invariant = keyof typeof INVARIANTS;

export interface InvariantViolation extends Violation {
  readonly invariant: Invariant;
}

/** I5: each file has all its fields, of the right types, and they match its name. */
const completeFiles: Check = (_evidence, { damages }) => damages.map((what) => ({ what }));

/** All but I8, which is checked while the texts are read: they are too large to keep. */
const CHECKS: Readonly<Record<Exclude<Invariant, 'I8'>, Check>> = {
  I1: oneLiveTicket,
  I2: returnedTicket,
  I3: uniqueRequestIds,
  I4: noCreateBesideATicket,
  I5: completeFiles,
  I7: endsInTime,
  ending: expectedEnding,
  fence: noCreateBeforeTheFence,
  'two live': neverTwoLive,
};

/** Every violation in what a round left behind, except of I8. */
export function checkAll(evidence: RoundEvidence): readonly InvariantViolation[] {
  const stored = readStoredTickets(evidence.files);
  return Object.entries(CHECKS).flatMap(([invariant, check]) =>
    check(evidence, stored).map((violation) => ({ invariant: invariant as Invariant, ...violation })),
  );
}
