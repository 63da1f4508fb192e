import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { maskCardNumbers } from '../../contracts/card-numbers.ts';
import { InjectedFault } from '../faults/injected-fault.ts';
import { malformedJson, repairablyMalformedJson } from '../faults/malformed-json.ts';
import type { HttpProblem } from './http-problem.ts';
import { gatewayTimeout, problemOfError, problemOfFault } from './problem-of-error.ts';

/** Answers every error in one shape, and lets injected faults spoil or withhold the answer. */
export function handleError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  if (error instanceof InjectedFault) {
    answerFault(error, reply);
    return;
  }
  const problem = problemOfError(error);
  if (problem.status >= 500) request.log.error({ err: error, code: problem.code }, 'the request failed');
  sendProblem(reply, problem);
}

/** Sends a problem as `{ error, code, ...details }`, with every card number in it masked. */
export function sendProblem(reply: FastifyReply, problem: HttpProblem): void {
  void reply.code(problem.status).headers(problem.headers).type('application/json').send(bodyOf(problem));
}

/** The body of a problem. */
export function bodyOf({ message, code, details }: HttpProblem): { error: string; code: string } {
  return { error: maskCardNumbers(message), code, ...details };
}

function answerFault(injected: InjectedFault, reply: FastifyReply): void {
  const { fault, spoiltResponse } = injected;
  if (fault.kind === 'timeout') {
    answerLate(fault.delayMs, reply);
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

/** Without an end nobody ever answers. The socket is its client's to leave; a stop waits for neither, and cuts it. */
function answerLate(hangsMs: number, reply: FastifyReply): void {
  if (!Number.isFinite(hangsMs)) return void reply.hijack();
  const answer = () => {
    if (!reply.raw.destroyed) sendProblem(reply, gatewayTimeout());
  };
  setTimeout(answer, hangsMs).unref();
}
