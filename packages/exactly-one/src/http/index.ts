export { type HttpExchange, httpOutcomes, NEVER_CONNECTED_CODES } from './http-outcomes.ts';
