export { lateWatch } from './late-watch.ts';
export { processOrder } from './process-order.ts';
