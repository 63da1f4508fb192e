/** A line of the source that a demo breaks, in a copy of the source, and fixes again. */
export interface BrokenLine {
  readonly file: string;
  readonly right: string;
  readonly wrong: string;
}

export const WRONG_TICKET_SYSTEM_PORT: BrokenLine = {
  file: 'src/worker/create-worker.ts',
  right: 'const ticketSystem = wrapTicketSystem(createTicketSystemClient({ baseUrl: settings.ticketSystemUrl }));',
  wrong: "const ticketSystem = createTicketSystemClient({ baseUrl: 'http://127.0.0.1:9' }); // worked on my machine",
};

export const WRONG_ACCOUNT_API_PORT: BrokenLine = {
  file: 'src/worker/create-worker.ts',
  right: 'const accountApi = createAccountApiClient({ baseUrl: settings.accountApiUrl });',
  wrong: "const accountApi = createAccountApiClient({ baseUrl: 'http://127.0.0.1:9' }); // worked on my machine",
};

export const DIVISION_BY_ZERO: BrokenLine = {
  file: 'src/workflows/transfer-money.ts',
  right: 'const ending = await depositOrRefund(transfer);',
  wrong: 'const share = BigInt(balances.from ?? 0) / 0n, ending = await depositOrRefund(transfer);',
};
