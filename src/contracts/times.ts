const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A duration for people: `1.8 s`, `42 s`, `3 min 12 s`, `2 h 5 min`, `4 d 1 h`. A negative one counts as none. */
export function durationText(ms: number): string {
  const rest = Math.max(0, ms);
  if (rest < 9_950) return `${(rest / SECOND_MS).toFixed(1)} s`;
  if (rest < MINUTE_MS - 500) return `${Math.round(rest / SECOND_MS)} s`;
  const [unitMs, unit, nextMs, next] =
    rest < HOUR_MS
      ? ([MINUTE_MS, 'min', SECOND_MS, 's'] as const)
      : rest < DAY_MS
        ? ([HOUR_MS, 'h', MINUTE_MS, 'min'] as const)
        : ([DAY_MS, 'd', HOUR_MS, 'h'] as const);
  const parts = Math.round(rest / nextMs);
  const perUnit = unitMs / nextMs;
  const remainder = parts % perUnit;
  return `${Math.floor(parts / perUnit)} ${unit}${remainder === 0 ? '' : ` ${remainder} ${next}`}`;
}

/** A duration for a narrow column: its largest unit alone, such as `42 s` or `2 h`. */
export function roughDurationText(ms: number): string {
  const rest = Math.max(0, ms);
  if (rest < MINUTE_MS) return `${Math.floor(rest / SECOND_MS)} s`;
  if (rest < HOUR_MS) return `${Math.floor(rest / MINUTE_MS)} min`;
  return rest < DAY_MS ? `${Math.floor(rest / HOUR_MS)} h` : `${Math.floor(rest / DAY_MS)} d`;
}

/**
 * A time of day for people, on the clock of this machine: `12:41:07`; with its date when that is another day than `nowMs`.
 * Both in epoch milliseconds.
 */
export function clockText(atMs: number, nowMs: number): string {
  const at = new Date(atMs);
  const time = timeOfDay(at);
  if (at.toDateString() === new Date(nowMs).toDateString()) return time;
  return `${at.getFullYear()}-${twoDigits(at.getMonth() + 1)}-${twoDigits(at.getDate())} ${time}`;
}

/** On the clock of this machine: `12:41:07`. */
export function timeOfDay(at: Date): string {
  return at.toTimeString().slice(0, 8);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
