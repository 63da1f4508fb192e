import { type Exchange, type HttpRequest, sendRequest } from './send-request.ts';

const MAX_QUOTED_LENGTH = 120;
const COMPLETE_STATUSES: readonly number[] = [200, 201];

/**
 * Sends a request as `sendRequest` does and returns the body of its response, parsed from JSON and not checked: for lists
 * and voids, which must throw unless the service confirms.
 * @throws unless the response is complete, has a status 200 or 201, and is JSON
 */
export async function requestJson(request: HttpRequest): Promise<ReturnType<typeof JSON.parse>> {
  const { method, url } = request;
  const exchange = await sendRequest(request);
  const problem = problemOf(exchange);
  if (problem === undefined && exchange.kind === 'response') return JSON.parse(exchange.body);
  const cause = exchange.kind === 'no response' ? { cause: exchange.error } : {};
  throw new Error(`${method} ${url}: ${problem}`, cause);
}

function problemOf(exchange: Exchange): string | undefined {
  switch (exchange.kind) {
    case 'not sent':
      return `not sent, because ${exchange.reason}`;
    case 'no response':
      return `no response (${exchange.error.message || exchange.errorCodes.join(', ')})`;
    case 'response': {
      const { status, body } = exchange;
      // A 202 or a 206 is not the whole response.
      return COMPLETE_STATUSES.includes(status)
        ? undefined
        : `the response was ${status}: ${body.slice(0, MAX_QUOTED_LENGTH)}`;
    }
  }
}
