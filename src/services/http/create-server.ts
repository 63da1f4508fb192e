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
import { handleError, problemOf, schemaError, sendProblem } from './error-handling.ts';
import { HttpProblem } from './http-problem.ts';

const MAX_BODY_BYTES = 65_536;
/** A request must arrive completely within this time. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than any schema allows, so that it is always the schema that refuses a long parameter. */
const MAX_PARAMETER_LENGTH = 1_000;

/**
 * Creates the fastify server that all services use: strict schemas, all errors in one form, and an id for every
 * request, taken from its `Request-Id` if it has one.
 * @param errorHandler default {@link handleError}
 */
export function createServer(logger: FastifyBaseLogger, errorHandler: typeof handleError = handleError) {
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH },
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
    schemaErrorFormatter: schemaError,
    frameworkErrors: refuseAddress,
    clientErrorHandler: refuseConnection,
  }).withTypeProvider<TypeBoxTypeProvider>();

  app.removeContentTypeParser('text/plain');
  app.setErrorHandler(errorHandler);
  app.setNotFoundHandler(({ method, url }) => {
    throw new HttpProblem(404, 'NOT_FOUND', `there is no ${method} ${url.split('?')[0]}; see /docs for all routes`);
  });
  app.addHook('onResponse', async (request, reply) => {
    const { method, url } = request;
    request.log.info({ method, url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'request');
  });
  return app;
}

/** A server whose handlers are typed by their schemas. */
export type Server = ReturnType<typeof createServer>;

function refuseAddress(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  sendProblem(reply, problemOf(error));
}

/** If a request is not valid HTTP there is no reply object, so the response is written to the socket. */
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
        : ['400 Bad Request', 'INVALID_REQUEST', 'this is not a valid HTTP request'];
  const body = JSON.stringify({ error: text, code });
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
