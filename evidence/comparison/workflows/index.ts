export { lateWatch } from '../../../src/workflows/late-watch.ts';
export { processOrder } from '../../../src/workflows/process-order.ts';
export { checkThenCreate, keyPerAttempt, once, onceThenValidate, retry } from './common-strategies.ts';
