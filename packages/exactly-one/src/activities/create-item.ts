import { ApplicationFailure } from '@temporalio/activity';
import type { CreateActivityRequest, OrderActivities } from '../contract/activity-contract.ts';
import { type CreateFailureDetails, failures, type RefusedCredentials } from '../contract/failures.ts';
import { refusal } from '../contract/refusal.ts';
import type { AcceptedOperation, CreateOutcome } from '../protocol/create-outcome.ts';
import type { OrderReference } from '../protocol/items.ts';
import { type CreateCall, createCall } from './call.ts';
import type { Clocks } from './clocks.ts';
import { NotSent } from './thrown-by-functions.ts';

/** What a create adds to its exchange if the service has said so. */
export interface CreateReport extends Partial<RefusedCredentials> {
  /** How long the service asks to wait before the next create, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** An outcome as it is reported to the workflow. */
export type ReportedOutcome = CreateOutcome & CreateReport;

/** Says what came of a create, trusting as little as possible: what it does not know is `unknown`. */
export interface OutcomeTable<Exchange> {
  classify(exchange: Exchange, order: OrderReference): CreateOutcome;
}

const TOO_LATE = { kind: 'not sent', reason: 'its deadline passed before it was sent' } as const;

/**
 * Sends one create, at most once and never after its deadline, and reports its outcome. No failure is retryable: the
 * workflow validates and then decides what follows.
 */
export function createItem<Input, Exchange>(options: {
  readonly create: (input: Input, call: CreateCall) => Promise<Exchange & CreateReport>;
  readonly outcomes: OutcomeTable<Exchange>;
  readonly referenceOf: (input: Input, orderId: string) => OrderReference;
  readonly onOutcome: (outcome: ReportedOutcome, request: CreateActivityRequest) => void;
  readonly clocks: Clocks;
}): OrderActivities<Input>['create'] {
  const attempt = async (input: Input, request: CreateActivityRequest): Promise<ReportedOutcome> => {
    const call = createCall(request, options.clocks);
    if (!call.mayStillBeSent()) return TOO_LATE;
    try {
      const exchange = await options.create(input, call);
      return {
        ...options.outcomes.classify(exchange, options.referenceOf(input, request.orderId)),
        ...reported(exchange),
      };
    } catch (error) {
      if (!(error instanceof NotSent)) throw error;
      return { kind: 'not sent', reason: error.message, ...reported(error) };
    }
  };

  return async (input, request) => {
    const outcome = await attempt(input, request);
    options.onOutcome(outcome, request);
    switch (outcome.kind) {
      case 'committed':
        return { itemId: outcome.itemId };
      case 'accepted':
        return { accepted: operationOf(outcome) };
      case 'rejected':
        throw refusal(outcome.reason, failures.createRejected, { reason: outcome.reason, code: outcome.code });
      case 'not sent':
        throw failure(failures.createNotSent, outcome);
      case 'unknown':
        throw failure(failures.createOutcomeUnknown, outcome);
    }
  };
}

function operationOf({ reference, readyAtMs }: AcceptedOperation): AcceptedOperation {
  return { reference, ...(readyAtMs === undefined ? {} : { readyAtMs }) };
}

function reported({
  retryAfterMs,
  refusedIssuedAtMs,
}: {
  readonly [Field in keyof CreateReport]: CreateReport[Field] | undefined;
}): CreateReport {
  return {
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(refusedIssuedAtMs === undefined ? {} : { refusedIssuedAtMs }),
  };
}

function failure(type: string, details: CreateFailureDetails): ApplicationFailure {
  return ApplicationFailure.nonRetryable(details.reason, type, details);
}
