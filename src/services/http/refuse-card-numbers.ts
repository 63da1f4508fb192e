import type { IncomingMessage } from 'node:http';
import { cut } from 'exactly-one/contract';
import { hasCardNumber, maskCardNumbers } from '../../contracts/card-numbers.ts';
import { requestHeaders } from '../../contracts/http.ts';
import { HttpProblem } from './http-problem.ts';

const NAMES = Object.values(requestHeaders);

/**
 * Refuses card numbers in what is stored and logged as it is: the address of a request, with the ids in it,
 * and the headers that name things.
 * @throws HttpProblem 400
 */
export function refuseCardNumbersIn({ url = '', headers }: IncomingMessage): void {
  const plain = decoded(url);
  if (hasCardNumber(url) || (plain !== url && hasCardNumber(plain))) throw cardNumberIn('the address of this request');
  for (const name of NAMES) {
    const value = headers[name];
    if (value !== undefined && hasCardNumber(String(value))) throw cardNumberIn(`the header ${name}`);
  }
}

/**
 * @param what contains the values, for the message, which never quotes them
 * @throws HttpProblem 400 if a value contains a card number
 */
export function refuseCardNumbers(what: string, values: readonly (string | null | undefined)[]): void {
  if (values.some((value) => value !== null && value !== undefined && hasCardNumber(value))) throw cardNumberIn(what);
}

function cardNumberIn(what: string): HttpProblem {
  const message = `${what} contains what looks like a card number: only paymentInfo may contain one`;
  return new HttpProblem(400, 'INVALID_REQUEST', message);
}

const MAX_SHOWN_LENGTH = 300;

/** The address of a request for the log: without what its percent-encoding may hide, and cut. */
export function shownAddress(url: string): string {
  const plain = decoded(url);
  return cut(hasCardNumber(plain) ? maskCardNumbers(plain) : url, MAX_SHOWN_LENGTH);
}

/** More than anybody encodes. */
const MAX_ENCODINGS = 5;

/** Without percent-encoding, so that it does not hide digits. What was encoded twice is decoded twice. */
function decoded(url: string): string {
  let plain = url;
  for (let round = 0; round < MAX_ENCODINGS && plain.includes('%'); round += 1) {
    plain = plain.replace(/(?:%[0-9a-f]{2})+/gi, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString());
  }
  return plain;
}
