import type { Fault, FaultPlan } from './fault-plan.ts';
import type { FaultKind } from './fault-rules.ts';
import { InjectedFault, type SpoiltResponse } from './injected-fault.ts';

/** What one call suffers at one point. */
export interface Injection {
  /** Undefined: nothing. */
  readonly fault: Fault | undefined;
  /**
   * Lets the fault inject here and now: a delay passes, everything else ends the call.
   * @throws InjectedFault
   */
  now(answer?: SpoiltResponse): Promise<void>;
  /** To be called where the disk is written: throws what a full disk or a full table of files throws. */
  onDisk(): void;
}

export interface FaultInjection<Point extends string> {
  /** Draws what this call suffers at this point. Each call draws once for each of its points. */
  inject(point: Point, subject: string): Injection;
  /**
   * Runs the effect of a call under one point: errors and delays inject before the effect, a lost or spoilt answer
   * after it.
   */
  around<Body extends object>(
    point: Point,
    subject: string,
    status: number,
    effect: (inject: Injection) => Promise<Body>,
  ): Promise<Body>;
}

const LOSES_THE_ANSWER: readonly FaultKind[] = ['timeout', 'connection-reset', 'malformed-json'];

const DISK_ERRORS = new Map<FaultKind, { code: string; text: string }>([
  ['disk-full', { code: 'ENOSPC', text: 'no space left on device' }],
  ['too-many-files', { code: 'EMFILE', text: 'too many open files' }],
]);

/** A fault that has really injected: of those that a call draws only the first one may. */
export interface Injected<Point extends string> {
  readonly point: Point;
  readonly kind: FaultKind;
  readonly subject: string;
}

/**
 * Lets the faults of a plan inject the calls of a service.
 * @param onStruck told of each one at the moment when it strikes
 */
export function createFaultInjection<Point extends string>(
  plan: FaultPlan<Point>,
  sleep: (ms: number) => Promise<void>,
  onStruck: (injected: Injected<Point>) => void = () => undefined,
): FaultInjection<Point> {
  function inject(point: Point, subject: string): Injection {
    const fault = plan.decide(point, subject);
    return {
      fault,
      async now(answer) {
        if (fault === undefined || DISK_ERRORS.has(fault.kind)) return;
        onStruck({ point, kind: fault.kind, subject });
        if (fault.kind === 'stale-read') return;
        if (fault.kind === 'delay') await sleep(fault.delayMs);
        else throw new InjectedFault(fault, answer);
      },
      onDisk() {
        const error = fault && DISK_ERRORS.get(fault.kind);
        if (fault === undefined || error === undefined) return;
        onStruck({ point, kind: fault.kind, subject });
        throw Object.assign(new Error(`${error.code}: ${error.text} (injected)`), { code: error.code });
      },
    };
  }

  return {
    inject,
    async around(point, subject, status, effect) {
      const injected = inject(point, subject);
      const strikesAfter = injected.fault !== undefined && LOSES_THE_ANSWER.includes(injected.fault.kind);
      if (!strikesAfter) await injected.now();
      const body = await effect(injected);
      if (strikesAfter) await injected.now({ status, body });
      return body;
    },
  };
}
