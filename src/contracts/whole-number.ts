/** The seed of a random generator has 32 bits. */
export const MAX_SEED = 4_294_967_295;

/**
 * Reads a whole number, written in digits alone.
 * @param min,max both included
 * @param allowed says what is allowed, for the error
 * @throws RangeError `expected <allowed>`
 */
export function readWholeNumber(
  text: string,
  min: number,
  max: number,
  allowed = `a whole number from ${min} to ${max}`,
): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new RangeError(`expected ${allowed}`);
}
