import type { Socket } from 'node:net';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { nanoid } from 'nanoid';
import { handleError, sendProblem } from './error-handling.ts';
import { HttpProblem } from './http-problem.ts';
import { problemOfError } from './problem-of-error.ts';
import { schemaProblem } from './schema-problem.ts';

const LARGEST_BODY_BYTES = 65_536;
/** A request has to arrive whole within this time. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than any parameter that a schema allows, so that the schema refuses it. */
const LONGEST_PARAMETER = 1_000;

/**
 * A fastify server as all services use it: strict schemas, every error in one shape, and an id for every request, the
 * one of `Request-Id` where it has one.
 */
export function createServer(logger: FastifyBaseLogger) {
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: LARGEST_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    return503OnClosing: false,
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
    requestIdHeader: 'request-id',
    genReqId: () => nanoid(),
    ajv: {
      customOptions: {
        coerceTypes: false,
        removeAdditional: false,
        allErrors: true,
        strict: false,
        validateSchema: false,
      },
    },
    schemaErrorFormatter: (errors, part) => schemaProblem(errors, part),
    frameworkErrors: refuseAddress,
    clientErrorHandler: refuseConnection,
  }).withTypeProvider<TypeBoxTypeProvider>();

  app.removeContentTypeParser('text/plain');
  app.setErrorHandler(handleError);
  app.setNotFoundHandler(({ method, url }) => {
    throw new HttpProblem(
      404,
      'NOT_FOUND',
      `there is no ${method} ${url.split('?')[0]} here; /docs shows what there is`,
    );
  });
  app.addHook('onResponse', async (request, reply) => {
    const { method, url } = request;
    request.log.info({ method, url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'request');
  });
  return app;
}

/** A server that has schemas checked against its handlers' types. */
export type Server = ReturnType<typeof createServer>;

function refuseAddress(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  sendProblem(reply, problemOfError(error));
}

/** What is no HTTP has no request to answer: the socket gets the complete response. */
function refuseConnection(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, code, text] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? ['431 Request Header Fields Too Large', 'HEADERS_TOO_LARGE', 'the headers are too large']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['408 Request Timeout', 'REQUEST_TIMEOUT', 'the request did not arrive in time']
        : ['400 Bad Request', 'INVALID_REQUEST', 'this is no HTTP request'];
  const body = JSON.stringify({ error: text, code });
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
