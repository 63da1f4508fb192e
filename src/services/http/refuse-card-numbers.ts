import type { FastifyRequest } from 'fastify';
import { hasCardNumber, maskCardNumbers } from '../../contracts/card-numbers.ts';
import { requestHeaders } from '../../contracts/http.ts';
import { cut } from '../../contracts/secrets.ts';
import { HttpProblem } from './http-problem.ts';

/**
 * A hook that refuses card numbers in what is stored and logged as it is: the address of a request, with the ids in it,
 * and the headers that name things.
 */
export async function refuseCardNumbersIn({ raw }: FastifyRequest): Promise<void> {
  refuseCardNumbers('the address of this request', [raw.url, decoded(raw.url ?? '')]);
  for (const name of Object.values(requestHeaders)) {
    refuseCardNumbers(`the header ${name}`, [raw.headers[name]].flat());
  }
}

/**
 * @param what contains the values, for the message, which never quotes them
 * @throws HttpProblem 400 if a value contains a card number
 */
export function refuseCardNumbers(what: string, values: readonly (string | null | undefined)[]): void {
  if (values.every((value) => value === null || value === undefined || !hasCardNumber(value))) return;
  const message = `${what} contains what looks like a card number: only paymentInfo may contain one`;
  throw new HttpProblem(400, 'INVALID_REQUEST', message);
}

const MAX_SHOWN_LENGTH = 300;

/** The address of a request for the log: without what its percent-encoding may hide, and cut. */
export function shownAddress(url: string): string {
  const plain = decoded(url);
  return cut(hasCardNumber(plain) ? maskCardNumbers(plain) : url, MAX_SHOWN_LENGTH);
}

/** Without percent-encoding, so that it does not hide digits. */
function decoded(url: string): string {
  return url.replace(/%[0-7][0-9a-f]/gi, (escaped) => String.fromCharCode(Number.parseInt(escaped.slice(1), 16)));
}
