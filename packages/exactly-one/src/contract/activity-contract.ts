import type { AcceptedOperation, CreateRequest, ItemList, SeenItems, VoidResult } from '../protocol/index.ts';

/**
 * What the credentials of a request must satisfy. Histories contain this and never a credential: each worker process
 * obtains and keeps credentials of its own.
 */
export interface CredentialsRequirement {
  /** Credentials issued earlier have been refused, or may be: epoch milliseconds. 0: none have. */
  readonly notIssuedBeforeMs: number;
  /** The credentials must still be valid at this time: epoch milliseconds. */
  readonly validUntilMs: number;
}

/** What an activity that obtains credentials returns: until when those of its worker are valid, epoch milliseconds. */
export type ObtainedCredentials = Pick<CredentialsRequirement, 'validUntilMs'>;

/** What each activity of the protocol receives as its second argument, after the input of the order. */
export interface ActivityRequest {
  /** The workflow id of the order. */
  readonly orderId: string;
  /** Only for orders whose service requires credentials. */
  readonly credentials?: CredentialsRequirement;
}

/** One create. */
export interface CreateActivityRequest extends ActivityRequest, CreateRequest {}

/** A request for all items of an order. */
export interface ListActivityRequest extends ActivityRequest {
  /** A response that lacks one of these items or voids is not complete. */
  readonly seen: SeenItems;
  /** The most by which the clocks of worker and service differ, in milliseconds. */
  readonly clockSkewMs: number;
}

/** A void of one item. */
export interface VoidActivityRequest extends ActivityRequest {
  readonly itemId: string;
  /** The item that stays and must be live; null when the order is being cancelled. */
  readonly keep: string | null;
  /** The most time, in milliseconds, that a void without a keeper may take from the moment it is scheduled. */
  readonly createDeadlineMs: number;
}

/** The item that a service claims to have made. */
export interface CreatedItem {
  readonly itemId: string;
}

/** What a service has accepted and finishes later: the item comes, or it never does. */
export interface AcceptedItem {
  readonly accepted: AcceptedOperation;
}

/**
 * The activities of the protocol, as the workflow calls them. It finds them by the names that the order gives.
 * @template Input the first argument, the same for all activities of an order, as it stands in histories
 */
export interface OrderActivities<Input> {
  /**
   * Sends one create. Never retried.
   * @throws `CreateNotSent`, `CreateRejected` or `CreateOutcomeUnknown`, with `CreateFailureDetails`. Any other failure
   *   is an unknown outcome.
   */
  create(input: Input, request: CreateActivityRequest): Promise<CreatedItem | AcceptedItem>;
  /** The items of an order, from a complete response that lacks nothing in `seen`. Retried until there is one. */
  list(input: Input, request: ListActivityRequest): Promise<ItemList>;
  /** Takes an item out of circulation, provided that `keep` is live or null. Retried until there is a result. */
  void(input: Input, request: VoidActivityRequest): Promise<VoidResult>;
}
