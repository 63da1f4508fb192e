import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { InjectedFault } from '../../faults/injected-fault.ts';
import { malformedJson, repairablyMalformedJson } from '../../faults/malformed-json.ts';
import { maskCardNumbers } from '../../logging/mask-card-numbers.ts';
import type { HttpProblem } from './http-problem.ts';
import { problemOfError, problemOfFault } from './problem-of-error.ts';

/** Answers every error in one shape, and lets injected faults spoil or withhold the answer. */
export function handleError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  if (error instanceof InjectedFault) {
    request.log.debug({ fault: error.fault.kind }, 'a fault strikes');
    answerFault(error, reply);
    return;
  }
  const problem = problemOfError(error);
  if (problem.status >= 500) request.log.error({ err: error, code: problem.code }, 'the request failed');
  sendProblem(reply, problem);
}

/** Sends a problem as `{ error, code }`, with every card number in it masked. */
export function sendProblem(reply: FastifyReply, problem: HttpProblem): void {
  void reply.code(problem.status).headers(problem.headers).type('application/json').send(bodyOf(problem));
}

/** The body of a problem. */
export function bodyOf(problem: HttpProblem): { error: string; code: string } {
  return { error: maskCardNumbers(problem.message), code: problem.code };
}

function answerFault(struck: InjectedFault, reply: FastifyReply): void {
  const { fault, spoiltAnswer } = struck;
  if (fault.kind === 'timeout') {
    // Nobody ever answers; the socket is its client's to leave, or is cut by a stop.
    reply.hijack();
  } else if (fault.kind === 'connection-reset') {
    reply.hijack();
    reply.raw.socket?.resetAndDestroy();
  } else if (fault.kind === 'malformed-json') {
    const problem = problemOfFault(fault);
    const { status, body } = spoiltAnswer ?? { status: problem.status, body: bodyOf(problem) };
    const spoil = 'paymentInfo' in body && !('ticketId' in body) ? repairablyMalformedJson : malformedJson;
    void reply.code(status).type('application/json').send(spoil(body, fault.variant));
  } else {
    sendProblem(reply, problemOfFault(fault));
  }
}
