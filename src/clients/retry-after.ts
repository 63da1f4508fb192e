/** A day. Nobody means more, and a sum of more could exceed what a timer takes. */
const MAX_RETRY_AFTER_MS = 86_400_000;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const LONG_DAY = '(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)';
const MONTH = `(?<month>${MONTHS.join('|')})`;
const TIME = '(?<hours>\\d{2}):(?<minutes>\\d{2}):(?<seconds>\\d{2})';

/** The three formats of a date: RFC 9110, section 5.6.7. */
const DATES = [
  new RegExp(`^${DAY}, (?<day>\\d{2}) ${MONTH} (?<year>\\d{4}) ${TIME} GMT$`),
  new RegExp(`^${LONG_DAY}, (?<day>\\d{2})-${MONTH}-(?<year>\\d{2}) ${TIME} GMT$`),
  new RegExp(`^${DAY} ${MONTH} (?<day>\\d{2}| \\d) ${TIME} (?<year>\\d{4})$`),
];

/**
 * Reads `Retry-After` (RFC 9110, section 10.2.3): a number of seconds, or a date in one of its three formats.
 * @param value of the header
 * @param nowMs the wall clock in epoch milliseconds
 * @returns how long to wait in milliseconds: 0 for a date that has passed, at most a day; undefined for anything else
 */
export function readRetryAfterMs(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  const waitMs = /^\d+$/.test(value) ? Number(value) * 1_000 : dateMs(value, nowMs) - nowMs;
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(0, waitMs), MAX_RETRY_AFTER_MS);
}

/** Epoch milliseconds of an HTTP date; NaN if it is none. */
function dateMs(text: string, nowMs: number): number {
  const parts = DATES.map((format) => format.exec(text)?.groups).find((groups) => groups !== undefined);
  if (parts === undefined) return Number.NaN;
  const [day, hours, minutes, seconds] = [parts.day, parts.hours, parts.minutes, parts.seconds].map(Number);
  const month = MONTHS.indexOf(parts.month ?? '');
  const year = yearOf(parts.year ?? '', nowMs);
  // A day of 31 February and an hour of 25 would count on into the next month or day.
  const date = new Date(Date.UTC(year, month, day, hours, minutes, seconds === 60 ? 59 : seconds));
  const isValid = date.getUTCDate() === day && date.getUTCHours() === hours && date.getUTCMinutes() === minutes;
  return isValid ? date.getTime() : Number.NaN;
}

/** Two digits that seem to be more than 50 years in the future are the last year in the past with these digits. */
function yearOf(digits: string, nowMs: number): number {
  if (digits.length === 4) return Number(digits);
  const thisYear = new Date(nowMs).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + Number(digits);
  return year > thisYear + 50 ? year - 100 : year;
}
