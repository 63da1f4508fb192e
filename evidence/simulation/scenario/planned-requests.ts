/** When a request reaches the ticket system, counted from when it is sent. */
interface PlannedDelivery {
  /** Undefined: the request is lost. */
  readonly arrivesAfterMs: number | undefined;
  /** The network delivers the same request a second time, this long after the first. */
  readonly arrivesAgainAfterMs?: number;
}

/** What happens to one create. Each time counts from the end of the step before it. */
export interface PlannedCreate extends PlannedDelivery {
  /** Until the activity is scheduled: the workflow's worker may be slow. */
  readonly scheduledAfterMs: number;
  /** Until a worker starts the activity. */
  readonly startedAfterMs: number;
  /** Until the request is sent: the worker reads the payment vault first. */
  readonly sentAfterMs: number;
  /** Until the worker receives a response: from the arrival for an actual response, otherwise from the sending. */
  readonly respondsAfterMs: number;
  readonly response: CreateResponse;
  /** The worker reports that the service asked for this pause. */
  readonly retryAfterMs?: number;
  /** The service accepts it when it arrives, responds 202, and finishes it later. */
  readonly accepted?: PlannedAcceptance;
  /** A proxy removes the deadline header. */
  readonly dropsDeadline: boolean;
  /** Somebody voids the new ticket at once, before anyone has seen it. */
  readonly voidedAtOnce?: true;
  /** The request carries another payment, so the service may not treat it as a repetition of an earlier one. */
  readonly differentPayment?: true;
  /**
   * Temporal misses a heartbeat this long after a worker has started the activity, and takes the worker for dead. The
   * worker knows nothing of it and goes on.
   */
  readonly heartbeatMissedAfterMs?: number;
  /** The worker's machine sleeps this long before sending: its wall clock advances, its monotonic clock does not. */
  readonly machineSleepsMs?: number;
}

export interface PlannedAcceptance {
  readonly finishesAfterMs: number;
  /** The response says that it will have finished after this time, whether that is true or not. */
  readonly statesReadyAfterMs?: number;
}

/** What the worker learns about a create. Apart from `actual`, nothing of it shows what the service did. */
export type CreateResponse =
  | { readonly kind: 'actual' }
  | FabricatedResponse
  | { readonly kind: 'network error'; readonly connected: boolean; readonly errorCodes: readonly string[] }
  /** The worker crashes after sending and reports nothing. */
  | { readonly kind: 'worker crash' };

/** A response that does not come from the service, or contradicts what it did. */
export interface FabricatedResponse {
  readonly kind: 'fabricated';
  readonly status: number;
  readonly errorCode?: string;
  readonly ticket?: ReportedTicket;
  /** It says that the create was accepted. */
  readonly isOperation?: true;
}

/** The ticket in a fabricated response. */
export type ReportedTicket =
  | 'newest live'
  | 'of another order'
  | 'of another reservation'
  | 'voided'
  | 'first of the order'
  | 'never created';

export interface PlannedCheck {
  readonly arrivesAfterMs: number;
  readonly respondsAfterMs: number;
  /** How old the state in the response is; its `asOf` is just as old. */
  readonly staleMs: number;
  readonly fault?: CheckFault;
  /** Until the workflow receives the result. */
  readonly deliveredAfterMs: number;
}

/** How the response to a check is wrong. Every one of these can be recognized from the response. */
export type CheckFault =
  | 'error'
  | 'lost'
  | 'includes another order'
  | 'includes another reservation'
  | 'omits a ticket seen before'
  | 'shows a voided ticket as live'
  | 'lists a ticket as live and voided'
  | 'lists every ticket twice'
  | 'from the future'
  | 'invalid time';

export interface PlannedVoid extends PlannedDelivery {
  readonly respondsAfterMs: number;
  readonly response: 'actual' | 'error' | 'success without effect';
  readonly dropsDeadline: boolean;
  /** Just before it arrives, somebody else voids its keeper and keeps the ticket that this request is to void. */
  readonly keeperVoidedFirst: boolean;
}

/** Requests without any fault. */
export const NORMAL: { readonly create: PlannedCreate; readonly check: PlannedCheck; readonly void: PlannedVoid } = {
  create: {
    scheduledAfterMs: 1,
    startedAfterMs: 1,
    sentAfterMs: 1,
    arrivesAfterMs: 5,
    respondsAfterMs: 5,
    response: { kind: 'actual' },
    dropsDeadline: false,
  },
  check: { arrivesAfterMs: 2, respondsAfterMs: 2, staleMs: 0, deliveredAfterMs: 1 },
  void: {
    arrivesAfterMs: 5,
    respondsAfterMs: 5,
    response: 'actual',
    dropsDeadline: false,
    keeperVoidedFirst: false,
  },
};

/** When a request that is sent at `sentAtMs` arrives: never, once or twice. */
export function arrivalTimesMs(
  { arrivesAfterMs, arrivesAgainAfterMs }: PlannedDelivery,
  sentAtMs: number,
): readonly number[] {
  if (arrivesAfterMs === undefined) return [];
  const firstMs = sentAtMs + arrivesAfterMs;
  return arrivesAgainAfterMs === undefined ? [firstMs] : [firstMs, firstMs + arrivesAgainAfterMs];
}
