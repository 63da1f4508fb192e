/**
 * Checks of values that come from outside, for workflows: a schema library would be loaded again for each of them.
 * Further fields of a record are allowed, because a newer version may have written them.
 */
export type Check = (value: unknown) => boolean;

/** The longest text that is not an id: a reason, a message. */
const MAX_TEXT_LENGTH = 4_096;

/** The longest id of something that another system has named. */
export const MAX_FOREIGN_ID_LENGTH = 200;

export const isText: Check = (value) => typeof value === 'string' && value.length <= MAX_TEXT_LENGTH;

export const isForeignId: Check = (value) =>
  typeof value === 'string' && value.length > 0 && value.length <= MAX_FOREIGN_ID_LENGTH;

export const isBoolean: Check = (value) => typeof value === 'boolean';

export const isCount: Check = (value) => isBetween(value, 0, Number.MAX_SAFE_INTEGER);

/** Milliseconds, up to thirty years. */
export const isDurationMs: Check = (value) => isBetween(value, 0, 1e12);

/** Epoch milliseconds that are still a date when a few durations are added to them. */
export const LATEST_TIME_MS = 8e15;

export const isTimeMs: Check = (value) => isBetween(value, -LATEST_TIME_MS, LATEST_TIME_MS);

function isBetween(value: unknown, minimum: number, maximum: number): boolean {
  return typeof value === 'number' && value >= minimum && value <= maximum;
}

export function isOneOf<const Value>(values: readonly Value[]): (value: unknown) => value is Value {
  return (value): value is Value => values.some((each) => each === value);
}

export function isOptional(check: Check): Check {
  return (value) => value === undefined || check(value);
}

export function isListOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check);
}

/** @param fields a check for each field, also for those that may be missing */
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
