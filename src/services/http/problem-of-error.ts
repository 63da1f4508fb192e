import type { FastifyError } from 'fastify';
import { errorCode } from '../../contracts/errors.ts';
import type { Fault } from '../faults/fault-plan.ts';
import { HttpProblem } from './http-problem.ts';

const SOON = { 'Retry-After': '1' };

/** The answer to an error of any kind; what nobody foresaw says nothing about itself. */
export function problemOfError(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  return problemOfDisk(error) ?? problemOfFramework(error) ?? internalError();
}

/** The answer that an injected error gives in place of the true one. */
export function problemOfFault({ kind }: Fault): HttpProblem {
  if (kind === 'error-429') return new HttpProblem(429, 'TOO_MANY_REQUESTS', 'too many requests: slow down', SOON);
  if (kind === 'error-4xx') return new HttpProblem(422, 'PAYMENT_DECLINED', 'the payment was declined');
  return internalError();
}

export function shuttingDown(): HttpProblem {
  return new HttpProblem(503, 'SHUTTING_DOWN', 'this service is stopping: call again soon', SOON);
}

/** What stands before a service that hangs says when it has waited long enough. */
export function gatewayTimeout(): HttpProblem {
  return new HttpProblem(504, 'GATEWAY_TIMEOUT', 'no answer came in time; whether the request took effect is open');
}

function internalError(): HttpProblem {
  return new HttpProblem(500, 'INTERNAL_ERROR', 'something went wrong in the service; its log says what');
}

function problemOfDisk(error: unknown): HttpProblem | undefined {
  const code = errorCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new HttpProblem(
      507,
      'DISK_FULL',
      'the disk of the service is full; whether the request took effect is open',
    );
  }
  if (code === 'EMFILE' || code === 'ENFILE') {
    const message = 'the service has too many open files; whether the request took effect is open';
    return new HttpProblem(503, 'TOO_MANY_FILES', message, SOON);
  }
  return undefined;
}

const CODES_OF_STATUS = new Map([
  [404, 'NOT_FOUND'],
  [408, 'REQUEST_TIMEOUT'],
  [413, 'BODY_TOO_LARGE'],
  [414, 'ADDRESS_TOO_LONG'],
  [415, 'UNSUPPORTED_MEDIA_TYPE'],
]);

/** Errors that fastify raises about a request carry a status below 500. */
function problemOfFramework(error: unknown): HttpProblem | undefined {
  if (!isFastifyError(error)) return undefined;
  const status = error.statusCode ?? 500;
  if (status < 400 || status >= 500) return undefined;
  const code = error.code?.includes('JSON') === true ? 'INVALID_JSON' : CODES_OF_STATUS.get(status);
  return new HttpProblem(status, code ?? 'INVALID_REQUEST', error.message);
}

function isFastifyError(error: unknown): error is FastifyError {
  if (typeof error !== 'object' || error === null) return false;
  return 'statusCode' in error && typeof error.statusCode === 'number';
}
