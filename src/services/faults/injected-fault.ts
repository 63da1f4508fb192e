import type { Fault } from './fault-plan.ts';

/** The response that a fault spoils or withholds. */
export interface SpoiltResponse {
  readonly status: number;
  readonly body: object;
}

/** A fault ends a call: the error handler sends the wrong response, or none. */
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
