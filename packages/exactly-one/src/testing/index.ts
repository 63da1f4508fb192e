export { checkFunctions } from './check-functions.ts';
export { type ExactlyOneSummary, type ExpectExactlyOneOptions, expectExactlyOne } from './expect-exactly-one.ts';
export type { Fault, FaultKind, FaultPoint, FaultRule, Faults } from './faults.ts';
export { faultRules, seededFaults } from './faults.ts';
export { type FindGuaranteeOptions, findGuarantee, type GuaranteeFindings } from './find-guarantee.ts';
export type { CheckFunctionsOptions } from './function-bench.ts';
export { type HttpServiceOptions, httpService } from './http-service.ts';
export type { ItemCounts, ItemStore, Listing, StoredItem } from './item-store.ts';
export {
  type Operation,
  type OperationResult,
  type ScriptedService,
  type ScriptedServiceOptions,
  type ServiceMapping,
  type ServiceRequest,
  type ServiceResponse,
  startScriptedService,
} from './scripted-service.ts';
export type { WorkerSettings } from './worker-program.ts';
