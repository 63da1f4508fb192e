import { Type } from 'typebox';

/** Request headers that the services read; in lower case, as Node provides them. */
export const requestHeaders = {
  idempotencyKey: 'idempotency-key',
  requestDeadline: 'request-deadline',
  requestId: 'request-id',
  /** On a refund: the idempotency key of the withdrawal that it reverses. */
  reverses: 'reverses',
} as const;

/** Body of every response with a status of 400 or above. */
export const ErrorResponse = Type.Object({
  error: Type.String(),
  code: Type.String({ pattern: '^[A-Z][A-Z0-9_]{0,63}$' }),
});

/**
 * An address for `fetch`, which refuses one with a user and a password, and the header that carries them.
 * @param address valid, with or without a user and a password
 */
export function splitCredentials(address: string): {
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
} {
  const { username, password } = new URL(address);
  if (username === '' && password === '') return { address, headers: {} };
  const credentials = new TextEncoder().encode(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  return {
    address: address.replace(/(?<=:\/\/)[^/]*@/, ''),
    headers: { authorization: `Basic ${btoa(String.fromCharCode(...credentials))}` },
  };
}
