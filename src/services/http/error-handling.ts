import { isNativeError } from 'node:util/types';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { FastifySchemaValidationError } from 'fastify/types/schema.js';
import { errorCode, errorMessage, fieldOf } from '../../contracts/errors.ts';
import { quoted } from '../../contracts/secrets.ts';
import { bodyOf, HttpProblem, internalError, RETRY_SOON } from './http-problem.ts';
import { shownAddress } from './refuse-card-numbers.ts';

/** Responds to every error in the same form. */
export function handleError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(error);
  const { method, url, log } = request;
  if (problem.status >= 500) {
    log.error({ err: error, code: problem.code, method, url: shownAddress(url) }, 'the request failed');
  }
  sendProblem(reply, problem);
}

export function sendProblem(reply: FastifyReply, problem: HttpProblem): void {
  void reply.code(problem.status).headers(problem.headers).type('application/json').send(bodyOf(problem));
}

/** The response to an error of any kind. An unexpected error reveals nothing about itself. */
export function problemOf(error: unknown): HttpProblem {
  if (isNativeError(error) && error instanceof HttpProblem) return error;
  return problemOfDisk(error) ?? problemOfFramework(error) ?? internalError();
}

function problemOfDisk(error: unknown): HttpProblem | undefined {
  const code = errorCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const message = 'the disk of the service is full; the request may or may not have taken effect';
    return new HttpProblem(507, 'DISK_FULL', message);
  }
  if (code === 'EMFILE' || code === 'ENFILE') {
    const message = 'the service has too many open files; the request may or may not have taken effect';
    return new HttpProblem(503, 'TOO_MANY_FILES', message, RETRY_SOON);
  }
  // The storage's own errors say what is wrong and what to do.
  if (code === 'DATABASE_MISSING' || code === 'DATABASE_UNSURE') {
    return new HttpProblem(503, code, errorMessage(error), RETRY_SOON);
  }
  return undefined;
}

/** The codes of fastify's errors, and what to say instead of its own words. */
const FRAMEWORK_ERRORS = new Map<number, readonly [code: string, message?: string]>([
  [404, ['NOT_FOUND']],
  [408, ['REQUEST_TIMEOUT']],
  [413, ['BODY_TOO_LARGE', 'the body is too large: at most 65536 bytes are allowed']],
  [414, ['ADDRESS_TOO_LONG', 'a part of the address is too long: at most 1000 characters are allowed']],
  [415, ['UNSUPPORTED_MEDIA_TYPE', 'a body must be JSON: send it with Content-Type: application/json']],
]);

/** Errors that fastify raises about a request have a status below 500. */
function problemOfFramework(error: unknown): HttpProblem | undefined {
  const status = fieldOf(error, 'statusCode');
  if (typeof status !== 'number' || status < 400 || status >= 500) return undefined;
  const [code = 'INVALID_REQUEST', message] = FRAMEWORK_ERRORS.get(status) ?? [];
  return new HttpProblem(status, code, message ?? String(fieldOf(error, 'message') || errorMessage(error)));
}

const MAX_REPORTED_ERRORS = 5;
/** Errors of these keywords only say that something inside them is wrong, and another error says what. */
const WRAPPING_KEYWORDS = ['if', 'anyOf', 'oneOf', 'allOf'];

/**
 * Reports what does not match a schema, and what is allowed.
 * @param part of the request: `body`, `headers`, ...
 */
export function schemaError(errors: readonly FastifySchemaValidationError[], part: string): Error {
  const specific = errors.filter(({ keyword }) => !WRAPPING_KEYWORDS.includes(keyword));
  const reported = specific.length > 0 ? specific : errors;
  const messages = reported.map((error) => `${part}${error.instancePath} ${messageOf(error)}`);
  return new Error([...new Set(messages)].slice(0, MAX_REPORTED_ERRORS).join('; '));
}

function messageOf({ keyword, params, message }: FastifySchemaValidationError): string {
  const { allowedValues, additionalProperty } = params;
  if (keyword === 'enum' && Array.isArray(allowedValues)) return `must be one of ${allowedValues.join(', ')}`;
  if (keyword === 'additionalProperties') return `has the unknown property ${quoted(additionalProperty)}`;
  return message ?? 'is not valid';
}
