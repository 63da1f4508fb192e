/** The largest amount that is exact in cents: 90,071,992,547,409.91. */
export const MAX_CENTS = Number.MAX_SAFE_INTEGER;

/** Why a text is not a valid amount. */
type AmountProblem = 'not a number' | 'not positive' | 'more than two decimals' | 'too large';

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * Parses an amount such as `100`, `99.9` or `1e2` without going through a binary fraction.
 * @returns cents, a whole number from 1 to {@link MAX_CENTS}, or why the text is not a valid amount
 */
export function centsOf(text: string): number | AmountProblem {
  const match = DECIMAL.exec(text);
  if (match === null) return 'not a number';
  const [, sign, integer = '', fraction = '', exponent = '0'] = match;
  const digits = (integer + fraction).replace(/^0+/, '');
  // How many of the digits make up the cents; the rest are fractions of a cent.
  const point = digits.length - fraction.length + Number(exponent) + 2;
  const cents = digits.slice(0, Math.max(0, point)).padEnd(Math.min(point, 20), '0');
  const belowACent = digits.slice(Math.max(0, point));
  if (sign === '-' || digits === '') return 'not positive';
  if (/[1-9]/.test(belowACent)) return 'more than two decimals';
  return cents.length > 16 || Number(cents) > MAX_CENTS ? 'too large' : Number(cents);
}

/** Formats cents with as many decimals as needed: `100`, `99.9`, `0.05`. */
export function decimalOf(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  const fraction = digits.slice(-2).replace(/0+$/, '');
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}${fraction === '' ? '' : `.${fraction}`}`;
}
