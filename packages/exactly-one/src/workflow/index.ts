export type { Phase, Progress } from '../contract/index.ts';
export { repeatableCalls } from './activity-options.ts';
export type { CallOptions, PrepareCall } from './calls.ts';
export { type Cancellation, watchForCancellation } from './cancellation.ts';
export { type Continuation, createContinuation } from './continue-as-new.ts';
export { type ExactlyOneResult, exactlyOne } from './exactly-one.ts';
export { type LateWatchArguments, type LateWatchResult, lateWatch, watchForLateItems } from './late-watch.ts';
export type { ActivityNames, Carried, Credentials, ExactlyOneOptions, Prepared } from './options.ts';
export { validInput } from './valid-input.ts';
