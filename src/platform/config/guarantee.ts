import { InvalidArgumentError } from 'commander';
import { GUARANTEES, type Guarantee } from 'exactly-one';
import { didYouMean } from '../../contracts/did-you-mean.ts';

/**
 * Reads a guarantee from a setting or a command line; `naive` is an alias of `none`.
 * @throws InvalidArgumentError which commander reports as wrong use, and envalid as a wrong setting
 */
export function readGuarantee(text: string): Guarantee {
  const guarantee = text === 'naive' ? 'none' : GUARANTEES.find((each) => each === text);
  if (guarantee === undefined) {
    throw new InvalidArgumentError(`expected one of ${GUARANTEES.join(', ')}${didYouMean(text, GUARANTEES)}`);
  }
  return guarantee;
}
