import { type AmountProblem, centsOf } from '../../contracts/money.ts';
import { HttpProblem } from '../http/http-problem.ts';
import { NumberText } from './exact-json.ts';
import { refusal } from './refusals.ts';

const LONGEST_QUOTE = 40;

/**
 * The amount of a request's body, in cents.
 * @throws HttpProblem 400 when there is none, it is not allowed, or there is anything else in the body
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
    throw new HttpProblem(400, 'INVALID_REQUEST', `body has the unknown property ${quoted(unknown)}`);
  }
  if (!(amount instanceof NumberText)) throw invalid(kindOf(amount));
  const cents = centsOf(amount.text);
  return typeof cents === 'number' ? cents : refuse(cents, amount.text);
}

function refuse(problem: AmountProblem, text: string): never {
  if (problem === 'not positive') throw refusal('AMOUNT_NOT_POSITIVE');
  throw invalid(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text);
}

function invalid(came: string): HttpProblem {
  return refusal('AMOUNT_INVALID', {}, `; ${came} came`);
}

function kindOf(amount: unknown): string {
  if (typeof amount === 'string') return `the text ${quoted(amount)}`;
  return Array.isArray(amount) ? 'a list' : typeof amount === 'boolean' ? String(amount) : 'an object';
}

function quoted(text: string): string {
  return JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text);
}
