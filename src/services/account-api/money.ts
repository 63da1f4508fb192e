import { LosslessNumber } from 'lossless-json';
import { decimalOf } from '../../contracts/money.ts';

/** Cents as a decimal number of an answer, which never was a binary fraction. */
export function money(cents: number): LosslessNumber {
  return new LosslessNumber(decimalOf(cents));
}
