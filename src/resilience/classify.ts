import { NEVER_CONNECTED_CODES } from 'exactly-one';

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

/** How many causes are followed, because they may form a cycle. */
const MAX_CAUSES = 8;

/**
 * Classifies an error by its properties, whatever its class: the `status` of an HTTP response (with `code` and
 * `retryAfterMs`), the `code` of a network error, a timeout, `transient: true`, or any of these in its `cause` or its
 * `errors`. Several errors are transient if one of them is, and permanent if all are.
 */
export function classifyFailure(error: unknown): FailureClass {
  return classify(error, MAX_CAUSES) ?? unclassified(error);
}

function classify(error: unknown, causesLeft: number): FailureClass | undefined {
  if (typeof error !== 'object' || error === null || causesLeft === 0) return undefined;
  const { status, code, name, transient, errors, cause } = fieldsOf(error);
  if (typeof status === 'number') return { ...classifyStatus(status, code), ...retryAfterOf(error) };
  if (typeof code === 'string' && isNetworkCode(code)) return { kind: 'transient', reason: `network error ${code}` };
  // What AbortSignal.timeout aborts with.
  if (name === 'TimeoutError') return { kind: 'transient', reason: `timeout: ${error}` };
  if (transient === true) return { kind: 'transient', reason: String(error) };
  if (Array.isArray(errors) && errors.length > 0) return classifyAll(errors, causesLeft - 1);
  return classify(cause, causesLeft - 1);
}

function classifyStatus(status: number, code: unknown): FailureClass {
  const reason = `status ${status}${typeof code === 'string' ? ` ${code}` : ''}`;
  if (PERMANENT_STATUSES.has(status)) return { kind: 'permanent', reason };
  if (TRANSIENT_STATUSES.has(status) || (status >= 500 && status <= 599)) return { kind: 'transient', reason };
  return { kind: 'unknown', reason };
}

function classifyAll(errors: readonly unknown[], causesLeft: number): FailureClass | undefined {
  const classes = errors.map((each) => classify(each, causesLeft) ?? unclassified(each));
  return ofKind('transient') ?? ofKind('unknown') ?? ofKind('permanent');

  function ofKind(kind: FailureClass['kind']) {
    return classes.find((each) => each.kind === kind);
  }
}

function unclassified(error: unknown): FailureClass {
  return { kind: 'unknown', reason: `not a known failure of a service: ${error}` };
}

function retryAfterOf(error: object): { retryAfterMs?: number } {
  const { retryAfterMs } = fieldsOf(error);
  return typeof retryAfterMs === 'number' && retryAfterMs >= 0 ? { retryAfterMs } : {};
}

function isNetworkCode(code: string): boolean {
  return NETWORK_CODES.has(code) || (code.startsWith('UND_ERR_') && !CALLER_CODES.has(code));
}

interface Fields {
  readonly status?: unknown;
  readonly code?: unknown;
  readonly name?: unknown;
  readonly transient?: unknown;
  readonly errors?: unknown;
  readonly cause?: unknown;
  readonly retryAfterMs?: unknown;
}

/** Any value may be thrown, so the type of every field is unknown until it is checked. */
function fieldsOf(error: object): Fields {
  return error;
}
