import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { InjectedFault } from '../faults/fault-injection.ts';
import type { Fault } from '../faults/fault-plan.ts';
import { malformedJson, repairablyMalformedJson } from '../faults/malformed-json.ts';
import { handleError, sendProblem } from './error-handling.ts';
import { bodyOf, HttpProblem, internalError, RETRY_SOON } from './http-problem.ts';

/** An error handler for a service that injects faults: it spoils, delays or withholds the response of such a call. */
export function handleErrorOrFault(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  if (error instanceof InjectedFault) respondWithFault(error, reply);
  else handleError(error, request, reply);
}

function respondWithFault({ fault, spoiltResponse }: InjectedFault, reply: FastifyReply): void {
  if (fault.kind === 'timeout') {
    respondTooLate(fault.delayMs, reply);
  } else if (fault.kind === 'connection-reset') {
    reply.hijack();
    reply.raw.socket?.resetAndDestroy();
  } else if (fault.kind === 'malformed-json') {
    const problem = problemOfFault(fault);
    const { status, body } = spoiltResponse ?? { status: problem.status, body: bodyOf(problem) };
    const spoil = 'paymentInfo' in body && !('ticketId' in body) ? repairablyMalformedJson : malformedJson;
    void reply.code(status).type('application/json').send(spoil(body, fault.variant));
  } else {
    sendProblem(reply, problemOfFault(fault));
  }
}

/** The error response that takes the place of the real response. */
function problemOfFault({ kind }: Fault): HttpProblem {
  if (kind === 'error-429')
    return new HttpProblem(429, 'TOO_MANY_REQUESTS', 'too many requests: slow down', RETRY_SOON);
  if (kind === 'error-4xx') return new HttpProblem(422, 'PAYMENT_DECLINED', 'the payment was declined');
  return internalError();
}

/**
 * Responds 504 after the delay, as a gateway in front of a hanging service does; after an infinite delay, never. The
 * client may leave at any time. A graceful stop does not wait for this response: it closes the connection.
 */
function respondTooLate(delayMs: number, reply: FastifyReply): void {
  if (!Number.isFinite(delayMs)) return void reply.hijack();
  const message = 'no response came in time; the request may or may not have taken effect';
  const respond = () => {
    if (!reply.raw.destroyed) sendProblem(reply, new HttpProblem(504, 'GATEWAY_TIMEOUT', message));
  };
  setTimeout(respond, delayMs).unref();
}
