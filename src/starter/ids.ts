import { customAlphabet } from 'nanoid';
import type { IdRules } from './kind.ts';

/** The most that one command may submit. */
export const MAX_COUNT = 1_000;

/** Random and easy to read aloud: no letters or digits that look alike. */
export const randomPart = customAlphabet('23456789abcdefghjkmnpqrstuvwxyz', 10);

/** The command line is wrong; the message says what was given and what is allowed. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse';
}

/**
 * The ids to submit: the given ones without repetition, or `count` random ones.
 * @param count default 1
 * @throws WrongUse
 */
export function idsOf(rules: IdRules, given: readonly string[], count: number | undefined): readonly string[] {
  if (count !== undefined && given.length > 0) {
    throw new WrongUse(`use either ${rules.givenAs} or --count, not both; got ${given.join(' ')} and --count ${count}`);
  }
  if (given.length > 0) return [...new Set(given.map((each) => readId(rules, each)))];
  return Array.from({ length: count ?? 1 }, rules.random);
}

/** @throws WrongUse when the id is not valid */
export function readId(rules: IdRules, given: string): string {
  const id = rules.expand(given);
  const problem = rules.problem(id);
  if (problem !== undefined) throw new WrongUse(problem);
  return id;
}
