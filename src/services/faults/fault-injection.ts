import type { Fault, FaultPlan } from './fault-plan.ts';
import type { FaultKind } from './fault-rules.ts';

/** The response that a fault spoils or withholds. */
export interface SpoiltResponse {
  readonly status: number;
  readonly body: object;
}

/** An injected fault ends a call; the error handler of the service sends the wrong response, or none. */
export class InjectedFault extends Error {
  override readonly name = 'InjectedFault';
  readonly fault: Fault;
  /** Undefined if the fault was injected before there was a response. */
  readonly spoiltResponse: SpoiltResponse | undefined;

  constructor(fault: Fault, spoiltResponse?: SpoiltResponse) {
    super(`injected fault: ${fault.kind}`);
    this.fault = fault;
    this.spoiltResponse = spoiltResponse;
  }
}

/** What a plan has decided for one call at one point. */
export interface DrawnFault {
  /** Undefined: none. */
  readonly fault: Fault | undefined;
  /**
   * Injects the fault here, unless it belongs to the disk: a delay passes, everything else ends the call.
   * @param response what the service was about to respond, for a fault that spoils it
   * @throws InjectedFault
   */
  inject(response?: SpoiltResponse): Promise<void>;
  /**
   * Injects a fault of the disk. To be called where the disk is used.
   * @throws Error with the code ENOSPC or EMFILE, as a real disk does
   */
  injectOnDisk(): void;
}

export interface FaultInjection<Point extends string> {
  /** Decides which fault this call meets at this point. To be called once for each call and point. */
  draw(point: Point, subject: string): DrawnFault;
  /**
   * Runs a call that has a single point: errors and delays are injected before it, and a response that is lost or
   * spoilt after it.
   * @param status of the response of the call
   */
  around<Body extends object>(
    point: Point,
    subject: string,
    status: number,
    call: (drawn: DrawnFault) => Promise<Body>,
  ): Promise<Body>;
}

const LOSES_THE_RESPONSE: readonly FaultKind[] = ['timeout', 'connection-reset', 'malformed-json'];

const DISK_ERRORS = new Map<FaultKind, { code: string; text: string }>([
  ['disk-full', { code: 'ENOSPC', text: 'no space left on device' }],
  ['too-many-files', { code: 'EMFILE', text: 'too many open files' }],
]);

/** A fault that was actually injected. Of the faults drawn for a call, only the first one reached is injected. */
interface Injected<Point extends string> {
  readonly point: Point;
  readonly kind: FaultKind;
  readonly subject: string;
}

/**
 * Injects the faults of a plan into the calls of a service.
 * @param sleep how delays pass
 * @param onInjected called for each fault when it is injected; default nothing
 */
export function createFaultInjection<Point extends string>(
  plan: FaultPlan<Point>,
  sleep: (ms: number) => Promise<void>,
  onInjected: (injected: Injected<Point>) => void = () => undefined,
): FaultInjection<Point> {
  function draw(point: Point, subject: string): DrawnFault {
    const fault = plan.decide(point, subject);
    return {
      fault,
      async inject(response) {
        if (fault === undefined || DISK_ERRORS.has(fault.kind)) return;
        onInjected({ point, kind: fault.kind, subject });
        if (fault.kind === 'stale-read') return;
        if (fault.kind === 'delay' || fault.kind === 'accept-later') await sleep(fault.delayMs);
        else throw new InjectedFault(fault, response);
      },
      injectOnDisk() {
        const error = fault && DISK_ERRORS.get(fault.kind);
        if (fault === undefined || error === undefined) return;
        onInjected({ point, kind: fault.kind, subject });
        throw Object.assign(new Error(`${error.code}: ${error.text} (injected)`), { code: error.code });
      },
    };
  }

  return {
    draw,
    async around(point, subject, status, call) {
      const drawn = draw(point, subject);
      const comesAfter = drawn.fault !== undefined && LOSES_THE_RESPONSE.includes(drawn.fault.kind);
      if (!comesAfter) await drawn.inject();
      const body = await call(drawn);
      if (comesAfter) await drawn.inject({ status, body });
      return body;
    },
  };
}
