/** A line of the source that is broken for a live fix, and the line that takes its place. Indentation is kept. */
export interface BrokenLine {
  readonly file: string;
  readonly right: string;
  readonly wrong: string;
  /** What the colleague in a hurry has done. */
  readonly what: string;
  /** What waits until it is fixed. */
  readonly effect: string;
  /** What to submit in order to see it, each break with an id of its own: an id that was used shows nothing. */
  readonly sample: { readonly kind: 'order' | 'transfer'; readonly id: string };
}

/** Nothing listens on this port, except on the machine of the colleague. */
const WRONG_URL = 'http://127.0.0.1:3999';

export const WRONG_TICKET_SYSTEM_PORT: BrokenLine = {
  file: 'src/worker/create-worker.ts',
  right: 'const ticketSystem = wrapTicketSystem(createTicketSystemClient({ baseUrl: settings.ticketSystemUrl }));',
  wrong: `const ticketSystem = createTicketSystemClient({ baseUrl: '${WRONG_URL}' }); // worked on my machine`,
  what: 'the worker calls the ticket system on a wrong port',
  effect: 'orders wait at getToken',
  sample: { kind: 'order', id: 'order-41' },
};

export const WRONG_ACCOUNT_API_PORT: BrokenLine = {
  file: 'src/worker/create-worker.ts',
  right: 'const accountApi = createAccountApiClient({ baseUrl: settings.accountApiUrl });',
  wrong: `const accountApi = createAccountApiClient({ baseUrl: '${WRONG_URL}' }); // worked on my machine`,
  what: 'the worker calls the account API on a wrong port',
  effect: 'transfers wait at checkBalance',
  sample: { kind: 'transfer', id: 'mend-1' },
};

/** Numbers would divide by zero without an error, so this uses BigInt. A new order has no tickets. */
export const DIVISION_IN_ACTIVITY: BrokenLine = {
  file: 'src/activities/validate-ticket.ts',
  right: 'const tickets = describeTickets(live);',
  wrong: 'const tickets = String(BigInt(live.length) / BigInt(response.items.length));',
  what: 'an activity divides by the number of tickets, which is zero for a new order',
  effect: 'orders wait at validateTicket',
  sample: { kind: 'order', id: 'order-42' },
};

/** In workflow code: the workflow task fails and is tried again, and the workflow waits. */
export const DIVISION_BY_ZERO: BrokenLine = {
  file: 'src/workflows/transfer-money.ts',
  right: 'const ending = await depositOrRefund(transfer);',
  wrong: 'const share = BigInt(balances.from ?? 0) / 0n, ending = await depositOrRefund(transfer);',
  what: 'the workflow divides a balance by zero after the withdrawal',
  effect: 'the workflow tasks of transfers fail',
  sample: { kind: 'transfer', id: 'mend-2' },
};

/** The names by which `npm run break` knows them. */
export const BROKEN_LINES: Readonly<Record<string, BrokenLine>> = {
  'wrong-port': WRONG_TICKET_SYSTEM_PORT,
  'division-by-zero': DIVISION_IN_ACTIVITY,
  'wrong-account-port': WRONG_ACCOUNT_API_PORT,
  'division-in-workflow': DIVISION_BY_ZERO,
};
