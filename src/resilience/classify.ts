import { NEVER_CONNECTED_CODES } from 'exactly-one/http';
import { errorCode, errorMessage, fieldOf, textOf } from '../contracts/errors.ts';

/** Whether a call that failed should be retried. */
interface FailureClass {
  /**
   * `transient`: the same call may succeed later, and may already have taken effect. `permanent`: the service refused
   * it and would refuse it again. `unknown`: neither is certain.
   */
  readonly kind: 'transient' | 'permanent' | 'unknown';
  /** For logs. */
  readonly reason: string;
  /** How long the service asks to wait. */
  readonly retryAfterMs?: number;
}

const PERMANENT_STATUSES: ReadonlySet<number> = new Set([400, 401, 403, 404, 422]);
const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([408, 429]);

/** https://nodejs.org/api/errors.html#common-system-errors */
const NETWORK_CODES: ReadonlySet<string> = new Set([
  ...NEVER_CONNECTED_CODES,
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'ENETUNREACH',
  'EHOSTUNREACH',
]);

/** Codes of undici that are about its caller and not about the network. */
const CALLER_CODES: ReadonlySet<string> = new Set(['UND_ERR_ABORTED', 'UND_ERR_INVALID_ARG']);

/** How many errors are looked at: causes may form a cycle, and a list of errors may be long. */
const MAX_ERRORS = 100;

/**
 * Classifies an error by its properties, whatever its class: the `status` of an HTTP response (with `code` and
 * `retryAfterMs`), the `code` of a network error, a timeout, `transient: true`, or any of these in its `cause` or its
 * `errors`. Several errors are transient if one of them is, and permanent if all are. Never throws, whatever was thrown:
 * an error of its own would hide the one that it is given.
 */
export function classifyFailure(error: unknown): FailureClass {
  return classify(error, new Set()) ?? unclassified(error);
}

/** @param seen errors that are classified already, or whose causes are being classified */
function classify(error: unknown, seen: Set<unknown>): FailureClass | undefined {
  if (seen.has(error) || seen.size >= MAX_ERRORS) return undefined;
  seen.add(error);
  const status = fieldOf(error, 'status');
  const code = errorCode(error);
  if (typeof status === 'number') return { ...classifyStatus(status, code), ...retryAfterOf(error) };
  if (code !== undefined && isNetworkCode(code)) return { kind: 'transient', reason: `network error ${code}` };
  // What AbortSignal.timeout aborts with.
  if (fieldOf(error, 'name') === 'TimeoutError') return { kind: 'transient', reason: `timeout: ${textOf(error)}` };
  if (fieldOf(error, 'transient') === true) return { kind: 'transient', reason: errorMessage(error) };
  return classifyAll(errorsIn(error), seen) ?? classify(fieldOf(error, 'cause'), seen);
}

function classifyStatus(status: number, code: string | undefined): FailureClass {
  const reason = `status ${status}${code === undefined ? '' : ` ${code}`}`;
  if (PERMANENT_STATUSES.has(status)) return { kind: 'permanent', reason };
  if (TRANSIENT_STATUSES.has(status) || (status >= 500 && status <= 599)) return { kind: 'transient', reason };
  return { kind: 'unknown', reason };
}

function classifyAll(errors: readonly unknown[], seen: Set<unknown>): FailureClass | undefined {
  const classes = errors.filter((each) => !seen.has(each)).map((each) => classify(each, seen) ?? unclassified(each));
  return ofKind('transient') ?? ofKind('unknown') ?? ofKind('permanent');

  function ofKind(kind: FailureClass['kind']) {
    return classes.find((each) => each.kind === kind);
  }
}

/** The distinct errors in the `errors` of an AggregateError, or of anything else that has them. */
function errorsIn(error: unknown): readonly unknown[] {
  const errors = fieldOf(error, 'errors');
  try {
    return Array.isArray(errors) ? [...new Set(errors.slice(0, MAX_ERRORS))] : [];
  } catch {
    return [];
  }
}

function unclassified(error: unknown): FailureClass {
  return { kind: 'unknown', reason: `not a known failure of a service: ${textOf(error)}` };
}

function retryAfterOf(error: unknown): { retryAfterMs?: number } {
  const retryAfterMs = fieldOf(error, 'retryAfterMs');
  return typeof retryAfterMs === 'number' && retryAfterMs >= 0 ? { retryAfterMs } : {};
}

function isNetworkCode(code: string): boolean {
  return NETWORK_CODES.has(code) || (code.startsWith('UND_ERR_') && !CALLER_CODES.has(code));
}
