import { isNativeError } from 'node:util/types';

// Anything may be thrown: null, a revoked proxy, an object whose properties throw when they are read. What reports an
// error must not throw one of its own, which would take the place of the true one, so none of these functions throws.

/** How many causes are followed, because they may form a cycle. */
const MAX_CAUSES = 8;

/**
 * What an error says, to be quoted in another message: its message, or its code if that is empty. Works for errors of
 * another realm too, such as jest's.
 */
export function errorMessage(error: unknown): string {
  const message = isNativeError(error) ? fieldOf(error, 'message') : undefined;
  if (typeof message !== 'string') return textOf(error);
  return message === '' ? (errorCode(error) ?? textOf(error)) : message;
}

/** The messages of an error and its causes: the outermost message of a Temporal failure rarely says enough. */
export function errorMessages(error: unknown): string {
  return withCauses(error).map(errorMessage).join(': ');
}

/** An error and up to eight causes that are errors too, outermost first. */
export function withCauses(error: unknown): readonly unknown[] {
  const errors = [error];
  for (let cause = fieldOf(error, 'cause'); isNativeError(cause); cause = fieldOf(cause, 'cause')) {
    if (errors.length > MAX_CAUSES) break;
    errors.push(cause);
  }
  return errors;
}

/** The `code` of an error, such as `ENOENT`; undefined where there is none. */
export function errorCode(error: unknown): string | undefined {
  const code = fieldOf(error, 'code');
  return typeof code === 'string' ? code : undefined;
}

/** A property of whatever was thrown; undefined where there is none or where reading it throws. */
export function fieldOf(thrown: unknown, field: string): unknown {
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  try {
    return Reflect.get(thrown, field);
  } catch {
    return undefined;
  }
}

/** Whatever was thrown as text, as `String` has it. */
export function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return 'something that cannot be shown as text';
  }
}
