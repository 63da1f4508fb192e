import { quoted } from './quoted.ts';
import { isGuarantee } from './result-shapes.ts';
import { type Check, isDurationMs } from './shapes.ts';
import { unknownOption } from './unknown-option.ts';

/** What is allowed for an option. */
export interface Rule {
  readonly isValid: Check;
  /** After `must be`: `a function`. */
  readonly allowed: string;
}

export const A_FUNCTION: Rule = { isValid: (value) => typeof value === 'function', allowed: 'a function' };
export const A_TEXT: Rule = {
  isValid: (value) => typeof value === 'string' && value !== '',
  allowed: 'a text that is not empty',
};
export const A_DURATION: Rule = { isValid: isDurationMs, allowed: 'milliseconds, 0 or more' };
export const A_GUARANTEE: Rule = { isValid: isGuarantee, allowed: 'none, deadline or idempotency-key' };
/** Whatever has the services that a program of ours calls: it may be a client of another copy of the package. */
export const A_CLIENT: Rule = {
  isValid: (value) => typeof Object(Object(value).workflow).getHandle === 'function',
  allowed: 'a Client of @temporalio/client',
};

/** For an option that may be missing. */
export function optional({ isValid, allowed }: Rule): Rule {
  return { isValid: (value) => value === undefined || isValid(value), allowed: `${allowed}, or undefined` };
}

/**
 * Checks what a function is given. The types say so too, but not to JavaScript.
 * @param rules by option; `outcomes.classify` is a field of an option
 * @param options all that there are; default: others may be given too
 * @throws TypeError which names the option, what it is, and what is allowed
 */
export function checkOptions(
  callee: string,
  given: unknown,
  rules: Readonly<Record<string, Rule>>,
  options?: readonly string[],
): void {
  if (typeof given !== 'object' || given === null) {
    throw new TypeError(`${callee}: the options must be an object, but are ${quoted(given)}`);
  }
  const unknown = options && unknownOption(given, options);
  if (unknown !== undefined) throw new TypeError(`${callee}: ${unknown}`);
  for (const [option, { isValid, allowed }] of Object.entries(rules)) {
    const value = option.split('.').reduce<unknown>((part, field) => Object(part)[field], given);
    if (!isValid(value)) throw new TypeError(`${callee}: ${option} must be ${allowed}, but is ${quoted(value)}`);
  }
}
