import { InvalidArgumentError } from 'commander';
import { errorMessage } from '../../contracts/errors.ts';
import { readWholeNumber } from '../../contracts/whole-number.ts';

/**
 * Parses an option or argument of commander as a whole number; commander reports an error with the option's name.
 * @param min,max both included
 */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    try {
      return readWholeNumber(text, min, max);
    } catch (error) {
      throw new InvalidArgumentError(`${errorMessage(error)}.`);
    }
  };
}
