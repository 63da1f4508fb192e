import colors from 'picocolors';
import { sourceLine } from '../../contracts/source-line.ts';
import { durationText, timeOfDay } from '../../contracts/times.ts';
import { cutToWidth } from '../terminal/text-width.ts';
import { foldToWidth } from './fold-to-width.ts';
import { type LogRecord, readRecord } from './log-record.ts';

/** `01:12:42 ✗ ` */
const PREFIX_WIDTH = 11;
const LEAST_WIDTH = 20;
/** Longer than any terminal is wide; measuring a text takes time. */
const MAX_LINE_LENGTH = 1_000;
/** An error, a warning or what is no log line may need more than one line to be understood; everything else has one. */
const MAX_LINES = 4;

const LEVELS = { warn: 40, error: 50 } as const;

/**
 * Makes pino's JSON lines readable for people: the time, a sign, what it is about, what happened, and what follows from
 * it. `✗` stands for an error, `!` for a warning, `✓` for an order or a transfer that has reached its end. A line fits
 * the width; only errors and warnings go on in further lines, because what they say must not be cut off.
 *
 *     01:12:42 ✗ order-41 getToken attempt 4: connect ECONNREFUSED 127.0.0.1:3999 · next in 1.8 s
 *
 * @returns a function that takes a line and the width, and returns the text without its last line feed. What is no log
 *   line is only wrapped.
 */
export function createReadableLines({ colour }: { readonly colour: boolean }) {
  const paint = colors.createColors(colour);
  const paintSign = { '✗': paint.red, '!': paint.yellow, '✓': paint.green, ' ': (text: string) => text } as const;

  return (line: string, columns: number): string => {
    const record = readRecord(line);
    if (record === undefined) return folded([line], Math.max(LEAST_WIDTH, columns)).join('\n');
    const sign = signOf(record);
    const subject = record.subject ?? '';
    const said = record.error === undefined ? record.said : textOfError(record, record.error);
    const text = `${subject}${subject && ' '}${said}`;
    const parts = [text, ...detailsOf(record)];
    const width = Math.max(LEAST_WIDTH, columns - PREFIX_WIDTH);
    const lines =
      record.error !== undefined || record.level >= LEVELS.warn
        ? folded(parts, width)
        : [cutToWidth(parts.join(' · ').slice(0, MAX_LINE_LENGTH), width)];
    const prefix = `${paint.dim(timeOfDay(record.time))} ${paintSign[sign](sign)} `;
    const shown = lines.join(`\n${' '.repeat(PREFIX_WIDTH)}`);
    return `${prefix}${shown.startsWith(subject) ? paint.bold(subject) + shown.slice(subject.length) : shown}`;
  };
}

function folded(parts: readonly string[], columns: number): readonly string[] {
  return foldToWidth(parts, { columns, separator: ' · ', maxLines: MAX_LINES });
}

function signOf({ level, error, isDone, status = 0 }: LogRecord): '✗' | '!' | '✓' | ' ' {
  if (level >= LEVELS.error || error !== undefined || status >= 500) return '✗';
  if (level >= LEVELS.warn || status >= 400) return '!';
  return isDone ? '✓' : ' ';
}

/** A bug says its type as well, because its message alone rarely says what is wrong. */
const BUG = /^(?:Type|Range|Reference|Syntax|Eval|URI|Assertion)Error$/;

function textOfError({ said, activityType, attempt }: LogRecord, { type, message }: NonNullable<LogRecord['error']>) {
  const text = type !== undefined && BUG.test(type) ? `${type}: ${message}` : message;
  if (activityType === undefined) return said.includes(text) ? said : `${said}: ${text}`;
  return `${activityType}${attempt === undefined ? '' : ` attempt ${attempt}`}: ${withoutRequest(text)}`;
}

/** `GET http://127.0.0.1:3001/orders/order-1/tickets: connect ...`: the activity says what was requested. */
function withoutRequest(message: string): string {
  const [request, host = '', separator = ''] = /^[A-Z]+ https?:\/\/([^/\s]+)\S*?(: | )/.exec(message) ?? [];
  if (request === undefined) return message;
  const rest = message.slice(request.length);
  return rest.includes(host) ? rest : `${host}${separator}${rest}`;
}

function detailsOf({ note, attempt = 1, nextAttemptInMs, durationMs, details, error }: LogRecord): readonly string[] {
  // What a service did wrong is said with its source line once. A bug needs it each time.
  const isRepeated = attempt > 1 && !BUG.test(error?.type ?? '');
  const source = error?.stack === undefined || isRepeated ? undefined : placeOf(sourceLine(error.stack));
  return [
    ...(note === undefined ? [] : [note]),
    ...(nextAttemptInMs === undefined ? [] : [`next in ${durationText(nextAttemptInMs)}`]),
    ...(source === undefined ? [] : [source]),
    ...(durationMs === undefined ? [] : [`${durationMs} ms`]),
    ...details,
  ];
}

/** `call (src/a.ts:43)`: the place alone. A line is short, and says already what was called. */
function placeOf(source: string | undefined): string | undefined {
  return source?.replace(/^.*\((.*)\)$/, '$1');
}
