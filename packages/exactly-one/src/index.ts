export { type BackOff, fullJitterMs } from './back-off.ts';
export { type CreateExchange, type CreateOutcome, classifyOutcome, NEVER_CONNECTED_CODES } from './classify-outcome.ts';
export { type ListContext, type ListExchange, type ListedItem, readCompleteResponse } from './complete-response.ts';
export { type Conclusion, type CreateRequest, exactlyOne, type Step, type Steps } from './exactly-one.ts';
export { GUARANTEES, type Guarantee, weakestGuarantee } from './guarantee.ts';
export type { Item, ItemList, OrderReference, SeenItems, VoidResult } from './items.ts';
export { lateWatch, type WatchConclusion, type WatchState } from './late-watch.ts';
export { fenceOfState, initialState, type OrderState } from './order-state.ts';
export { createLimits, type Timings, timeLeftToSendMs, voidDeadline } from './timings.ts';
