/**
 * How likely a call succeeds within its retries, when its attempts fail independently of each other: 1-(1-q)^(R+1).
 * In an outage they do not, and it is far less likely.
 * @param given.successProbabilityOfOne q, 0 to 1
 * @param given.retries R, attempts after the first
 * @throws RangeError
 */
export function successProbability(given: {
  readonly successProbabilityOfOne: number;
  readonly retries: number;
}): number {
  const { successProbabilityOfOne: q, retries } = given;
  if (!(q >= 0 && q <= 1)) throw new RangeError(`successProbabilityOfOne is 0 to 1, not ${q}`);
  if (!(Number.isSafeInteger(retries) && retries >= 0)) {
    throw new RangeError(`retries is a whole number from 0, not ${retries}`);
  }
  return 1 - (1 - q) ** (retries + 1);
}
