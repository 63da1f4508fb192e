import { createHash } from 'node:crypto';
import { canonicalForm } from './canonical-form.ts';

const KEY = /^[!-~]{1,200}$/;
const OPERATION = /^[!-~]{1,100}$/;

/** Of the 256 bits of the hash: two payloads of one operation share a key by chance once in 2^64 keys. */
const HASH_BYTES = 16;

/**
 * The idempotency key of an operation: the client's own, or one that equal payloads share and different ones do not.
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 * @param operation what is done, such as `withdraw`: 1 to 100 visible ASCII characters
 * @param ownKey the client's own key, used as it is: 1 to 200 visible ASCII characters
 * @throws TypeError for an operation or a key that no header can carry, or a payload without a canonical form
 */
export function idempotencyKeyOf(operation: string, payload: unknown, ownKey?: string): string {
  if (ownKey !== undefined) {
    if (!KEY.test(ownKey)) throw notAllowed('an idempotency key', 200, ownKey);
    return ownKey;
  }
  if (!OPERATION.test(operation)) throw notAllowed('an operation', 100, operation);
  return `${operation}-${fingerprint(payload).slice(0, HASH_BYTES * 2)}`;
}

/**
 * SHA-256 of the canonical form, in hexadecimal digits.
 * @throws TypeError for a payload without a canonical form
 */
export function fingerprint(payload: unknown): string {
  return createHash('sha256').update(canonicalForm(payload)).digest('hex');
}

function notAllowed(what: string, most: number, given: string): TypeError {
  return new TypeError(
    `${what} is 1 to ${most} visible ASCII characters without spaces, not ${JSON.stringify(given.slice(0, most))}` +
      (given.length > most ? ` and ${given.length - most} more` : ''),
  );
}
