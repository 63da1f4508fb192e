import { createHash } from 'node:crypto';
import { formWithNested } from './canonical-form.ts';

const KEY = /^[!-~]{1,200}$/;
const OPERATION = /^[!-~]{1,100}$/;

/** 128 of the 256 bits of the hash: a collision is to be expected only after 2^64 keys of one operation. */
const HASH_BYTES = 16;

/**
 * The idempotency key of an operation: the client's own, or one that is derived from the payload.
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 * @param operation such as `withdraw`: 1 to 100 visible ASCII characters
 * @param ownKey used unchanged: 1 to 200 visible ASCII characters
 * @throws TypeError for an operation or key that does not fit into a header, or a payload without a canonical form
 */
export function idempotencyKeyOf(operation: string, payload: unknown, ownKey?: string): string {
  if (ownKey !== undefined) {
    if (!KEY.test(ownKey)) throw invalid('an idempotency key', 200, ownKey);
    return ownKey;
  }
  if (!OPERATION.test(operation)) throw invalid('an operation', 100, operation);
  return `${operation}-${fingerprint(payload).slice(0, HASH_BYTES * 2)}`;
}

/**
 * A SHA-256 hash in hexadecimal, the same for equal payloads and different for different ones: of the canonical form in
 * which every object and array inside is written as its own hash. So an object that occurs often is hashed once, however
 * deep.
 * @throws TypeError for a payload without a canonical form
 */
export function fingerprint(payload: unknown): string {
  // No canonical form begins with #, so a hash equals nothing else.
  return sha256(formWithNested(payload, (form) => `#${sha256(form)}`));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function invalid(what: string, maxLength: number, given: string): TypeError {
  return new TypeError(
    `${what} must be 1 to ${maxLength} visible ASCII characters without spaces; ` +
      `got ${JSON.stringify(given.slice(0, maxLength))}` +
      (given.length > maxLength ? ` and ${given.length - maxLength} more characters` : ''),
  );
}
