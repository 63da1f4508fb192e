export type {
  AcceptedItem,
  ActivityRequest,
  CreateActivityRequest,
  CreatedItem,
  CredentialsRequirement,
  ListActivityRequest,
  ObtainedCredentials,
  OrderActivities,
  VoidActivityRequest,
} from './activity-contract.ts';
export { failures, type RefusedCredentials } from './failures.ts';
export { messages } from './messages.ts';
export type { Phase, Progress } from './progress.ts';
export { beginning, cut, type Mask, quoted } from './quoted.ts';
export { HEARTBEAT_TIMEOUT_MS } from './recovery.ts';
export { isGuarantee } from './result-shapes.ts';
export {
  type Check,
  isBoolean,
  isCount,
  isForeignId,
  isListOf,
  isOneOf,
  isOptional,
  isRecordOf,
  isText,
  isTimeMs,
  LATEST_TIME_MS,
  MAX_FOREIGN_ID_LENGTH,
} from './shapes.ts';
export { isResolution, isTimings } from './state-shapes.ts';
