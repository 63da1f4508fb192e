import { NEVER_CONNECTED_CODES } from 'exactly-one';

/** What a failure says about trying again. */
export interface FailureClass {
  /**
   * `transient`: the same call may succeed later, and may already have had its effect. `permanent`: the service refused
   * it and will again. `unknown`: neither can be said.
   */
  readonly kind: 'transient' | 'permanent' | 'unknown';
  /** For logs. */
  readonly reason: string;
  /** How long the service asked to be left alone. */
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

/** Of undici's codes, those that speak of its caller and not of the network. */
const CALLERS_OWN_CODES: ReadonlySet<string> = new Set(['UND_ERR_ABORTED', 'UND_ERR_INVALID_ARG']);

/** How many causes are looked through: a chain of them may be a ring. */
const DEEPEST_CAUSE = 8;

/**
 * Classifies a failure by what it carries, whatever class it is of: the `status` of an HTTP answer (with `code` and
 * `retryAfterMs`), the `code` of a network error, a time-out, `transient: true`, or any of these in its `cause` or its
 * `errors`. Several errors are transient when one of them is, permanent when all are.
 */
export function classifyFailure(error: unknown): FailureClass {
  return classify(error, DEEPEST_CAUSE) ?? unclassified(error);
}

function classify(error: unknown, deepest: number): FailureClass | undefined {
  if (typeof error !== 'object' || error === null || deepest === 0) return undefined;
  const { status, code, name, transient, errors, cause } = fieldsOf(error);
  if (typeof status === 'number') return { ...classifyStatus(status, code), ...retryAfterOf(error) };
  if (typeof code === 'string' && isNetworkCode(code)) return { kind: 'transient', reason: `network error ${code}` };
  // What AbortSignal.timeout aborts with.
  if (name === 'TimeoutError') return { kind: 'transient', reason: `timeout: ${error}` };
  if (transient === true) return { kind: 'transient', reason: String(error) };
  if (Array.isArray(errors) && errors.length > 0) return classifyAll(errors, deepest - 1);
  return classify(cause, deepest - 1);
}

function classifyStatus(status: number, code: unknown): FailureClass {
  const reason = `status ${status}${typeof code === 'string' ? ` ${code}` : ''}`;
  if (PERMANENT_STATUSES.has(status)) return { kind: 'permanent', reason };
  if (TRANSIENT_STATUSES.has(status) || (status >= 500 && status <= 599)) return { kind: 'transient', reason };
  return { kind: 'unknown', reason };
}

function classifyAll(errors: readonly unknown[], deepest: number): FailureClass | undefined {
  const classes = errors.map((each) => classify(each, deepest) ?? unclassified(each));
  return ofKind('transient') ?? ofKind('unknown') ?? ofKind('permanent');

  function ofKind(kind: FailureClass['kind']) {
    return classes.find((each) => each.kind === kind);
  }
}

function unclassified(error: unknown): FailureClass {
  return { kind: 'unknown', reason: `no known failure of a service: ${error}` };
}

function retryAfterOf(error: object): { retryAfterMs?: number } {
  const { retryAfterMs } = fieldsOf(error);
  return typeof retryAfterMs === 'number' && retryAfterMs >= 0 ? { retryAfterMs } : {};
}

function isNetworkCode(code: string): boolean {
  return NETWORK_CODES.has(code) || (code.startsWith('UND_ERR_') && !CALLERS_OWN_CODES.has(code));
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

/** An error may carry anything: every field is unknown until it is looked at. */
function fieldsOf(error: object): Fields {
  return error;
}
