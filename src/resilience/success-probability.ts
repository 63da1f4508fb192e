/**
 * How likely a call succeeds within its retries, if its attempts fail independently of each other: 1-(1-q)^(R+1).
 * During an outage they do not, and success is far less likely.
 * @param given.successProbabilityOfOne q, 0 to 1
 * @param given.retries R, the attempts after the first
 * @throws RangeError
 */
export function successProbability(given: {
  readonly successProbabilityOfOne: number;
  readonly retries: number;
}): number {
  const { successProbabilityOfOne: q, retries } = given;
  if (!(q >= 0 && q <= 1)) throw new RangeError(`successProbabilityOfOne must be from 0 to 1; got ${q}`);
  if (!(Number.isSafeInteger(retries) && retries >= 0)) {
    throw new RangeError(`retries must be a whole number, 0 or more; got ${retries}`);
  }
  return 1 - (1 - q) ** (retries + 1);
}
