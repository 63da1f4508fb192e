export { failureConverter, payloadConverter } from '../contract/data-converter.ts';
export { cancel } from './cancel.ts';
export { describeWorkflow } from './describe-workflow.ts';
export { giveUp } from './give-up.ts';
export { resolve } from './resolve.ts';
export { type Submission, type SubmissionResult, submit } from './submit.ts';
