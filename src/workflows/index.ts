export { lateWatch } from './late-watch.ts';
export { processOrder } from './process-order.ts';
export { transferMoney } from './transfer-money.ts';
