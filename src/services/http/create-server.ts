import type { IncomingMessage } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { nanoid } from 'nanoid';
import { hasCardNumber } from '../../contracts/card-numbers.ts';
import { requestHeaders } from '../../contracts/http.ts';
import { handleError, problemOf, schemaError, sendProblem } from './error-handling.ts';
import { HttpProblem } from './http-problem.ts';
import { createHttpServer, refuseConnection } from './http-server.ts';
import { refuseEncodings, useJsonBodies } from './json-bodies.ts';
import { refuseForeign } from './own-hosts.ts';
import { refuseCardNumbersIn, shownAddress } from './refuse-card-numbers.ts';

const MAX_BODY_BYTES = 65_536;
/** Longer than any schema allows, so that it is always the schema that refuses a long parameter. */
const MAX_PARAMETER_LENGTH = 1_000;

export interface ServerOptions {
  readonly logger: FastifyBaseLogger;
  /** Names of this service besides loopback, in canonical form. Default: none. */
  readonly allowedHosts?: readonly string[];
  /** Default {@link handleError}. */
  readonly errorHandler?: typeof handleError;
}

/**
 * Creates the fastify server that all services use: only for its own hosts and pages, one request at a time on each
 * connection, strict bodies and schemas, all errors in one form, no card number in an address or a name, and an id for
 * every request, taken from its `Request-Id` if it has one.
 */
export function createServer({ logger, allowedHosts = [], errorHandler = handleError }: ServerOptions) {
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY_BYTES,
    serverFactory: (handler) => createHttpServer(handler),
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH },
    requestIdHeader: false,
    genReqId: requestIdOf,
    ajv: {
      customOptions: {
        coerceTypes: false,
        removeAdditional: false,
        allErrors: false,
        strict: false,
        validateSchema: false,
      },
    },
    schemaErrorFormatter: schemaError,
    frameworkErrors: refuseAddress,
    clientErrorHandler: refuseConnection,
  }).withTypeProvider<TypeBoxTypeProvider>();

  useJsonBodies(app);
  app.setErrorHandler(errorHandler);
  app.setNotFoundHandler(({ method, url }) => {
    if (!app.supportedMethods.includes(method)) {
      throw new HttpProblem(501, 'METHOD_NOT_IMPLEMENTED', `no route of this service has the method ${method}`);
    }
    throw new HttpProblem(404, 'NOT_FOUND', `there is no ${method} ${url.split('?')[0]}; see /docs for all routes`);
  });
  const refuseForeigner = refuseForeign(allowedHosts);
  app.addHook('onRequest', ({ raw }, _reply, done) => {
    refuseForeigner(raw);
    refuseCardNumbersIn(raw);
    refuseExpectations(raw);
    done();
  });
  app.addHook('preParsing', ({ raw }, _reply, _payload, done) => {
    refuseEncodings(raw);
    done();
  });
  app.addHook('onResponse', async (request, reply) => {
    const { method, url } = request;
    const ms = Math.round(reply.elapsedTime);
    request.log.info({ method, url: shownAddress(url), status: reply.statusCode, ms }, 'request');
  });
  return app;
}

/** A server whose handlers are typed by their schemas. */
export type Server = ReturnType<typeof createServer>;

/** The id of a request in the log and in the database. */
function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers[requestHeaders.requestId];
  return typeof given === 'string' && /^[!-~]{1,200}$/.test(given) && !hasCardNumber(given) ? given : nanoid();
}

function refuseExpectations({ headers: { expect = '100-continue' } }: IncomingMessage): void {
  if (expect.toLowerCase() === '100-continue') return;
  throw new HttpProblem(417, 'EXPECTATION_FAILED', 'the only expectation that can be met is 100-continue');
}

function refuseAddress(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  sendProblem(reply, problemOf(error));
}
