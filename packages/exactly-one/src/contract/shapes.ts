/**
 * Checks of values that come from outside, for workflows: a schema library would be loaded again for each of them.
 * Further fields of a record are allowed, because a newer version may have written them.
 */
export type Check = (value: unknown) => boolean;

/** The longest text that is not an id: a reason, a message. */
const MAX_TEXT_LENGTH = 4_096;

/** The longest id of something that another system has named. */
export const MAX_FOREIGN_ID_LENGTH = 200;

/** A text of up to 4,096 characters; it may be empty. */
export const isText: Check = (value) => typeof value === 'string' && value.length <= MAX_TEXT_LENGTH;

/** An id that another system has given: a text of 1 to 200 characters. */
export const isForeignId: Check = (value) =>
  typeof value === 'string' && value.length > 0 && value.length <= MAX_FOREIGN_ID_LENGTH;

/** `true` or `false`, and nothing that merely counts as one. */
export const isBoolean: Check = (value) => typeof value === 'boolean';

/** A number from 0 to the largest safe integer. */
export const isCount: Check = (value) => isBetween(value, 0, Number.MAX_SAFE_INTEGER);

/** Milliseconds, up to thirty years. */
export const isDurationMs: Check = (value) => isBetween(value, 0, 1e12);

/** Epoch milliseconds that are still a date when a few durations are added to them. */
export const LATEST_TIME_MS = 8e15;

/** Epoch milliseconds up to {@link LATEST_TIME_MS}, before 1970 too. */
export const isTimeMs: Check = (value) => isBetween(value, -LATEST_TIME_MS, LATEST_TIME_MS);

function isBetween(value: unknown, minimum: number, maximum: number): boolean {
  return typeof value === 'number' && value >= minimum && value <= maximum;
}

/** Whether it is one of these values. */
export function isOneOf<const Value>(values: readonly Value[]): (value: unknown) => value is Value {
  return (value): value is Value => values.some((each) => each === value);
}

/** Whether it is undefined or passes the check. */
export function isOptional(check: Check): Check {
  return (value) => value === undefined || check(value);
}

/** Whether it is an array whose elements all pass the check. */
export function isListOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check);
}

/**
 * Whether it is an object whose fields pass their checks. Further fields are allowed.
 * @param fields a check for each field, also for those that may be missing
 */
export function isRecordOf<T extends object>(
  fields: {
    readonly [Name in keyof T]-?: Check;
  },
): (value: unknown) => value is T {
  const checks = Object.entries<Check>(fields);
  return (value): value is T => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    // An inherited field is not one that was sent.
    const sent = new Map<string, unknown>(Object.entries(value));
    return checks.every(([name, check]) => check(sent.get(name)));
  };
}
