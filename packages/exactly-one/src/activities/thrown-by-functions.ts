import type { RefusedCredentials } from '../contract/failures.ts';

/**
 * Thrown by a function that knows that nothing of its request has left the worker, and that nothing will. A create is
 * then repeated without waiting for its fence, so never throw it once any of the request is written.
 */
export class NotSent extends Error {
  override readonly name = 'NotSent';
  /** How long to wait before the next attempt, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** Epoch milliseconds: a service refused the credentials that were issued then. */
  readonly refusedIssuedAtMs: number | undefined;

  /** @param reason for people */
  constructor(
    reason: string,
    options: ErrorOptions & { readonly retryAfterMs?: number } & Partial<RefusedCredentials> = {},
  ) {
    super(reason, options);
    this.retryAfterMs = options.retryAfterMs;
    this.refusedIssuedAtMs = options.refusedIssuedAtMs;
  }
}

/**
 * Thrown by a list or a void whose credentials the service has refused, and by an activity of your own that runs in
 * `prepare`. The order gets newer credentials and repeats it.
 */
export class CredentialsRefused extends Error {
  override readonly name = 'CredentialsRefused';
  /** When the refused credentials were issued: epoch milliseconds. */
  readonly refusedIssuedAtMs: number;

  constructor(message: string, { issuedAtMs }: { readonly issuedAtMs: number }, options?: ErrorOptions) {
    super(message, options);
    this.refusedIssuedAtMs = issuedAtMs;
  }
}
