export type {
  ActivityRequest,
  CreateActivityRequest,
  CredentialsRequirement,
  ListActivityRequest,
  OrderActivities,
  VoidActivityRequest,
} from '../contract/activity-contract.ts';
export { refusal } from '../contract/refusal.ts';
export { type HttpExchange, httpOutcomes } from '../http/http-outcomes.ts';
export type { CreateOutcome } from '../protocol/create-outcome.ts';
export { type Call, type CreateCall, requestIdOfActivity, timeOfActivity, type VoidCall } from './call.ts';
export type { Clocks } from './clocks.ts';
export type { CreateReport, OutcomeTable, ReportedOutcome } from './create-item.ts';
export { type Credentials, createCredentials, type Expiring, type Issued } from './credentials.ts';
export { exactlyOneActivities, type OrderFunctions, type Wording } from './exactly-one-activities.ts';
export { sendHeartbeats } from './heartbeats.ts';
export type { Listed } from './list-items.ts';
export { retryLater } from './retry-later.ts';
export { CredentialsRefused, NotSent } from './thrown-by-functions.ts';
export { dataConverter, workerOptions } from './worker-options.ts';
