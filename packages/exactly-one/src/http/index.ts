export { type HttpExchange, httpOutcomes, NEVER_CONNECTED_CODES } from './http-outcomes.ts';
export { type Exchange, type HttpRequest, sendRequest } from './send-request.ts';
