import { isNativeError } from 'node:util/types';
import { distinctMessages, errorMessage, fieldOf, withCauses } from '../../contracts/errors.ts';

/**
 * An error as the log has it: its type, the messages of all its causes, its stack, its own fields, and its chain of
 * causes in the same form. What is no error stays as it is. Never throws: an error that cannot be read must not become
 * one of the code that reports it.
 */
export function fieldsOfError(error: unknown): unknown {
  if (!isNativeError(error)) return error;
  const [, ...causes] = withCauses(error);
  const cause = causes.reduceRight<object | undefined>(
    (inner, each) => ({ ...fieldsOf(each), message: errorMessage(each), ...(inner && { cause: inner }) }),
    undefined,
  );
  return { ...fieldsOf(error), message: distinctMessages(error), ...(cause && { cause }) };
}

function fieldsOf(error: unknown): object {
  const own = namesOf(error).flatMap((name) => {
    const value = isNativeError(fieldOf(error, name)) ? undefined : fieldOf(error, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { type: fieldOf(error, 'name'), ...Object.fromEntries(own), stack: fieldOf(error, 'stack') };
}

/** A failure of Temporal keeps the message that it was read from, which says all of it a second time. */
const REPEATS = 'failure';

function namesOf(error: unknown): readonly string[] {
  try {
    return typeof error === 'object' && error !== null ? Object.keys(error).filter((name) => name !== REPEATS) : [];
  } catch {
    return [];
  }
}
