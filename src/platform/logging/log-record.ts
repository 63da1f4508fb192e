/** A line of the log, as people read it. */
export interface LogRecord {
  readonly level: number;
  readonly time: Date;
  /** The order or the transfer that it is about. */
  readonly subject: string | undefined;
  readonly said: string;
  readonly activityType: string | undefined;
  readonly attempt: number | undefined;
  readonly error: { readonly type?: string; readonly message: string; readonly stack?: string } | undefined;
  readonly note: string | undefined;
  readonly nextAttemptInMs: number | undefined;
  readonly durationMs: number | undefined;
  /** The status of an HTTP response. */
  readonly status: number | undefined;
  /** Whether an order or a transfer has reached its end. */
  readonly isDone: boolean;
  /** Whatever else the line says, each with its name. */
  readonly details: readonly string[];
}

/** Fields that are shown in a place of their own, and those that are for machines only. */
const OWN_PLACE: readonly string[] = [
  ...['level', 'time', 'msg', 'err', 'error', 'note', 'nextAttemptInMs', 'delayMs', 'durationMs', 'ms', 'done'],
  ...['workflowId', 'orderId', 'activityType', 'attempt', 'method', 'url', 'status'],
  ...[
    'pid',
    'hostname',
    'name',
    'runId',
    'reqId',
    'requestId',
    'idempotencyKey',
    'target',
    'spanContexts',
    'namespace',
  ],
];

/** Reads a line of pino's; undefined if it is something else. */
export function readRecord(line: string): LogRecord | undefined {
  const fields = fieldsOf(line);
  if (fields === undefined || typeof fields.level !== 'number') return undefined;
  const { level, time, msg, method, url } = fields;
  const message = typeof msg === 'string' ? msg : '';
  const status = numberOf(fields.status);
  const request = typeof method === 'string' && typeof url === 'string' ? `${method} ${url}` : undefined;
  const said = request === undefined ? message : status === undefined ? request : `${request} ${status}`;
  return {
    level,
    time: new Date(typeof time === 'string' || typeof time === 'number' ? time : Number.NaN),
    subject: subjectOf(fields),
    said,
    activityType: textOf(fields.activityType),
    attempt: numberOf(fields.attempt),
    error: errorOf(fields.error ?? fields.err),
    note: textOf(fields.note),
    nextAttemptInMs: numberOf(fields.nextAttemptInMs ?? fields.delayMs),
    durationMs: numberOf(fields.ms),
    status,
    isDone: fields.done === true,
    details: Object.entries(fields).flatMap(([name, value]) => detailOf(name, value, said)),
  };
}

function fieldsOf(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** The id of a late watch contains that of a run, which says nothing to people. */
function subjectOf({ workflowId, orderId, runId }: Readonly<Record<string, unknown>>): string | undefined {
  return textOf(workflowId ?? orderId ?? runId)?.replace(/:[\da-f]{8}-[\da-f-]{27}$/, '');
}

function errorOf(error: unknown): LogRecord['error'] {
  if (typeof error === 'string' && error !== '') return { message: error };
  if (typeof error !== 'object' || error === null) return undefined;
  const { type, message, stack } = Object.fromEntries(Object.entries(error));
  return {
    message: typeof message === 'string' && message !== '' ? message : (textOf(type) ?? JSON.stringify(error)),
    ...(typeof type === 'string' && { type }),
    ...(typeof stack === 'string' && { stack }),
  };
}

/** `taskQueue: 'orders'` becomes `task queue orders`. What the message says already need not be said again. */
function detailOf(name: string, value: unknown, said: string): readonly string[] {
  if (OWN_PLACE.includes(name)) return [];
  const values = (Array.isArray(value) ? value : [value]).filter((each) => each !== null);
  const texts = values.map(plain).filter((text) => !said.includes(text));
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return texts.length === 0 ? [] : [`${words} ${texts.join(', ')}`];
}

function plain(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
