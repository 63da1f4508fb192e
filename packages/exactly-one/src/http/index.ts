export { type HttpExchange, type HttpReport, httpOutcomes, NEVER_CONNECTED_CODES } from './http-outcomes.ts';
export { requestJson } from './request-json.ts';
export { type Exchange, type HttpRequest, sendRequest } from './send-request.ts';
