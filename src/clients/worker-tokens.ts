import type { CredentialsRequirement } from 'exactly-one/contract';
import { NoResponseReceived } from './read-response.ts';
import type { Token } from './ticket-system.ts';

/** A token of the ticket system. It leaves the process in requests to the ticket system only. */
export interface WorkerToken extends Token {
  /**
   * Epoch milliseconds. It identifies and orders tokens, so it never decreases, whatever the clock does, and a
   * token that was requested because of a refusal always counts as issued after the refused one.
   */
  readonly issuedAtMs: number;
}

/** How long a call waits for a token. */
interface Waiting {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export type WorkerTokens = ReturnType<typeof createWorkerTokens>;

/**
 * The tokens of one worker process. Its calls share them, and wait for the same request while a new one is obtained.
 * @param request requests a token; it must have a time limit of its own, because nobody can cancel it
 * @param nowMs the wall clock in epoch milliseconds
 */
export function createWorkerTokens(request: () => Promise<Token>, nowMs: () => number) {
  let held: WorkerToken | undefined;
  let obtaining: { readonly issuedAtMs: number; readonly token: Promise<WorkerToken> } | undefined;
  let lastIssuedAtMs = 0;
  let refusedUntilMs = 0;

  const obtain = (notIssuedBeforeMs: number) => {
    const issuedAtMs = Math.max(nowMs(), notIssuedBeforeMs, lastIssuedAtMs + 1);
    lastIssuedAtMs = issuedAtMs;
    const token = request().then((received) => ({ ...received, issuedAtMs }));
    const current = { issuedAtMs, token };
    const finish = (received?: WorkerToken) => {
      if (received !== undefined && issuedAtMs > (held?.issuedAtMs ?? 0)) held = received;
      if (obtaining === current) obtaining = undefined;
    };
    token.then(finish, () => finish());
    return current;
  };

  return {
    /**
     * A token that satisfies the requirement, obtained now if this process holds none. One that was just obtained is
     * returned even if it expires too early: there is no better one.
     * @throws the error of the request; NoResponseReceived when the time is over or the call was cancelled
     */
    async satisfying(required: CredentialsRequirement, waiting: Waiting): Promise<WorkerToken> {
      const notIssuedBeforeMs = Math.max(required.notIssuedBeforeMs, refusedUntilMs);
      const validUntilMs = Math.max(required.validUntilMs, nowMs());
      if (held !== undefined && held.issuedAtMs >= notIssuedBeforeMs && held.expiresAtMs > validUntilMs) return held;
      if (obtaining === undefined || obtaining.issuedAtMs < notIssuedBeforeMs) obtaining = obtain(notIssuedBeforeMs);
      return waitFor(obtaining.token, waiting);
    },

    /** The ticket system responded with 401: no call of this process uses this token, or an older one, again. */
    refused({ issuedAtMs }: Pick<WorkerToken, 'issuedAtMs'>): void {
      refusedUntilMs = Math.max(refusedUntilMs, issuedAtMs + 1);
    },
  };
}

/** Waits for a token that other calls wait for too, so that giving up here must not stop the request. */
function waitFor(token: Promise<WorkerToken>, { timeoutMs, signal }: Waiting): Promise<WorkerToken> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new NoResponseReceived('the call was cancelled while it waited for a token'));
    const timer = setTimeout(
      () => reject(new NoResponseReceived(`no token within ${timeoutMs} ms`)),
      Math.max(0, timeoutMs),
    );
    signal?.addEventListener('abort', abort);
    if (signal?.aborted) abort();
    token.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    });
  });
}
