export { type BackOff, fullJitterMs } from './back-off.ts';
export {
  type AcceptedOperation,
  type CreateExchange,
  type CreateOutcome,
  classifyOutcome,
  NEVER_CONNECTED_CODES,
} from './classify-outcome.ts';
export { type ListContext, type ListExchange, type ListedItem, readCompleteResponse } from './complete-response.ts';
export { type Conclusion, exactlyOne } from './exactly-one.ts';
export { GUARANTEES, type Guarantee, weakerGuarantee } from './guarantee.ts';
export { lateWatchId, requestId } from './ids.ts';
export type { Item, ItemList, OrderReference, SeenItems, VoidResult } from './items.ts';
export { lateWatch, type WatchConclusion, type WatchState } from './late-watch.ts';
export { fenceOfState, initialState, type OrderState } from './order-state.ts';
export { decideSubmission, type RunStatus, runStatus, type Start } from './resubmission.ts';
export type { CreateRequest, Step, Steps } from './steps.ts';
export { createLimits, type Timings, timeLeftToSendMs, voidDeadline } from './timings.ts';
