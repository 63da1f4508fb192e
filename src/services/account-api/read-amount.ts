import { centsOf } from '../../contracts/money.ts';
import { HttpProblem } from '../http/http-problem.ts';
import { NumberText } from './exact-json.ts';
import { refusal } from './refusals.ts';

const MAX_QUOTED_LENGTH = 40;

/**
 * Reads the amount of a request's body, in cents.
 * @throws HttpProblem 400 if the amount is missing or invalid, or the body has another property
 */
export function readAmount(body: unknown): number {
  if (body === undefined || body === null) throw refusal('AMOUNT_REQUIRED');
  if (typeof body !== 'object' || Array.isArray(body) || body instanceof NumberText) {
    throw new HttpProblem(400, 'INVALID_REQUEST', 'body must be an object such as {"amount": 100}');
  }
  const amount: unknown = Object.hasOwn(body, 'amount') && 'amount' in body ? body.amount : undefined;
  if (amount === undefined || amount === null) throw refusal('AMOUNT_REQUIRED');
  const unknown = Object.keys(body).find((name) => name !== 'amount');
  if (unknown !== undefined) {
    throw new HttpProblem(
      400,
      'INVALID_REQUEST',
      `body has the unknown property ${JSON.stringify(shortened(unknown))}`,
    );
  }
  if (!(amount instanceof NumberText)) throw invalid(describe(amount));
  const cents = centsOf(amount.text);
  if (typeof cents === 'number') return cents;
  throw cents === 'not positive' ? refusal('AMOUNT_NOT_POSITIVE') : invalid(shortened(amount.text));
}

function invalid(given: string): HttpProblem {
  return refusal('AMOUNT_INVALID', {}, `; got ${given}`);
}

function describe(amount: unknown): string {
  if (typeof amount === 'string') return `the text ${JSON.stringify(shortened(amount))}`;
  return Array.isArray(amount) ? 'an array' : typeof amount === 'boolean' ? String(amount) : 'an object';
}

function shortened(text: string): string {
  return text.length > MAX_QUOTED_LENGTH ? `${text.slice(0, MAX_QUOTED_LENGTH)}…` : text;
}
