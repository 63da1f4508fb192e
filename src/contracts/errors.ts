import { isNativeError } from 'node:util/types';

// Anything may be thrown: null, a revoked proxy, an object whose properties throw when they are read. What reports an
// error must not throw one of its own, which would take the place of the true one, so none of these functions throws.

/** How many causes are followed, because they may form a cycle; also how many inner errors are read. */
const MAX_CAUSES = 8;

/**
 * What an error says, to be quoted in another message: its message. If that is empty, as when a connection was refused
 * at several addresses, the messages of its inner errors, or its code. Works for errors of another realm too, such as
 * jest's.
 */
export function errorMessage(error: unknown): string {
  const message = messageOf(error);
  if (message === undefined) return textOf(error);
  return message || innerMessages(error) || (errorCode(error) ?? textOf(error));
}

function messageOf(error: unknown): string | undefined {
  const message = isNativeError(error) ? fieldOf(error, 'message') : undefined;
  return typeof message === 'string' ? message : undefined;
}

function innerMessages(error: unknown): string {
  const errors = fieldOf(error, 'errors');
  try {
    return Array.isArray(errors)
      ? [...new Set(errors.slice(0, MAX_CAUSES).flatMap((each) => messageOf(each) || []))].join(', ')
      : '';
  } catch {
    return '';
  }
}

/** The messages of an error and its causes: the outermost message of a Temporal failure rarely says enough. */
export function errorMessages(error: unknown): string {
  return withCauses(error).map(errorMessage).join(': ');
}

/** Like {@link errorMessages}, without what an error further out says already. */
export function distinctMessages(error: unknown): string {
  const messages = withCauses(error).map(errorMessage);
  return messages.filter((message, n) => !messages.slice(0, n).some((outer) => outer.includes(message))).join(': ');
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
