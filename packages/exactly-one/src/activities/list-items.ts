import type { OrderActivities } from '../contract/activity-contract.ts';
import { failures } from '../contract/failures.ts';
import { isItemList } from '../contract/result-shapes.ts';
import { type ListContext, type ListedItem, readCompleteResponse } from '../protocol/complete-response.ts';
import type { ItemList, OrderReference } from '../protocol/items.ts';
import { type Call, repeatableCall } from './call.ts';
import { type ClockWording, clockProblem } from './clock-problem.ts';
import type { Clocks } from './clocks.ts';
import { repeatableFailure, retryLater } from './retry-later.ts';

/** All items of an order, as the service lists them. */
export interface Listed {
  /** Voided items too. */
  readonly items: readonly ListedItem[];
  /** When the service read them: epoch milliseconds, by its own clock. */
  readonly asOfMs: number;
}

/** Reads which items exist. Only a complete response counts. An error never means absence, so it is retried. */
export function listItems<Input>(options: {
  readonly list: (input: Input, call: Call) => Promise<Listed>;
  readonly referenceOf: (input: Input, orderId: string) => OrderReference;
  readonly wording: ClockWording & { readonly item: string };
  readonly clocks: Clocks;
}): OrderActivities<Input>['list'] {
  const { clocks, wording } = options;
  const list = async (input: Input, call: Call) => {
    try {
      return await options.list(input, call);
    } catch (error) {
      throw repeatableFailure(error);
    }
  };

  return async (input, request) => {
    const requestedAtMs = clocks.nowMs();
    const listed = await list(input, repeatableCall(request, clocks));
    const { seen, clockSkewMs } = request;
    const times = { requestedAtMs, receivedAtMs: clocks.nowMs(), clockSkewMs };
    const response = read(listed, { ...options.referenceOf(input, request.orderId), seen, ...times });
    if ('list' in response) return response.list;
    throw retryLater(
      failures.incompleteResponse,
      `${clockProblem(times, listed.asOfMs, wording)}the list of ${wording.item}s of ${request.orderId} is not a complete response: ${response.problem}`,
    );
  };
}

function read(listed: Listed, context: ListContext): { readonly list: ItemList } | { readonly problem: string } {
  const response = readCompleteResponse({ kind: 'list', ...listed }, context);
  if ('problem' in response || isItemList(response.list)) return response;
  return { problem: 'an id is not a text of 1 to 200 characters, or a field has another type than it must have' };
}
