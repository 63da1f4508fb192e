import type { Fault } from './fault-plan.ts';

/** The answer that a fault spoils or withholds. */
export interface SpoiltResponse {
  readonly status: number;
  readonly body: object;
}

/** A call was hit by its fault plan; the error handler gives it the wrong answer, or none. */
export class InjectedFault extends Error {
  override readonly name = 'InjectedFault';
  readonly fault: Fault;
  /** Missing when the fault injected before there was an answer. */
  readonly spoiltAnswer: SpoiltResponse | undefined;

  constructor(fault: Fault, spoiltAnswer?: SpoiltResponse) {
    super(`injected fault: ${fault.kind}`);
    this.fault = fault;
    this.spoiltAnswer = spoiltAnswer;
  }
}
