export { lateWatch } from '../../../src/workflows/late-watch.ts';
export { processOrder } from '../../../src/workflows/process-order.ts';
export { once } from './once.ts';
export { onceThenValidate } from './once-then-validate.ts';
export { retry } from './retry.ts';
