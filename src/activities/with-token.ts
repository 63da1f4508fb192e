import { ApplicationFailure } from '@temporalio/activity';
import type { Credentials } from 'exactly-one/activities';
import type { CredentialsRequirement, RefusedCredentials } from 'exactly-one/contract';
import { ErrorResponseReceived } from '../clients/read-response.ts';
import type { TicketSystemCall, Token } from '../clients/ticket-system.ts';
import { failures } from '../contracts/failures.ts';
import { ticketSystemCalls } from './request-options.ts';

export type WithToken = ReturnType<typeof createWithToken>;

/**
 * Runs the calls of activities with a token of this worker.
 * @param requestTimeoutMs of each request; shortened where the activity itself would time out first
 */
export function createWithToken(tokens: Credentials<Token>, requestTimeoutMs: number) {
  /**
   * @throws `TokenExpired` after a 401, the errors of `satisfying` if no token can be obtained, and any other error of
   *   the call
   */
  return async <Result>(
    required: CredentialsRequirement | undefined,
    run: (call: TicketSystemCall) => Promise<Result>,
  ): Promise<Result> => {
    const nextCall = ticketSystemCalls(requestTimeoutMs);
    const token = await tokens.satisfying(required, nextCall());
    try {
      return await run({ ...nextCall(), token: token.token });
    } catch (error) {
      if (!(error instanceof ErrorResponseReceived && error.status === 401)) throw error;
      tokens.refused(token);
      const details: RefusedCredentials = { refusedIssuedAtMs: token.issuedAtMs };
      throw ApplicationFailure.nonRetryable(error.message, failures.tokenExpired, details);
    }
  };
}
