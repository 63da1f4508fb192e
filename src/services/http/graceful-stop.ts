import type { FastifyInstance } from 'fastify';
import { HttpProblem, RETRY_SOON } from './http-problem.ts';
import type { RequestsInFlight } from './requests-in-flight.ts';

/**
 * How long a stop waits, once all accepted requests are finished, for the last bytes of their responses, for incomplete
 * requests and for hanging ones.
 */
const LAST_BYTES_MS = 1_000;

/**
 * Makes `app.close()` graceful: requests that were accepted are finished and get their response, later ones are
 * refused, and requests that hang because of an injected fault are dropped.
 */
export function stopGracefully(app: FastifyInstance, inFlight: RequestsInFlight): void {
  let stopping = false;
  let lastBytes: NodeJS.Timeout | undefined;
  app.addHook('onRequest', async () => {
    if (!stopping) return;
    throw new HttpProblem(503, 'SHUTTING_DOWN', 'this service is stopping: try again soon', RETRY_SOON);
  });
  app.addHook('onSend', async (_request, reply) => {
    if (stopping) reply.header('connection', 'close');
  });
  app.addHook('preClose', async () => {
    stopping = true;
    app.server.close();
    await inFlight.none();
    lastBytes = setTimeout(() => app.server.closeAllConnections(), LAST_BYTES_MS);
    lastBytes.unref();
  });
  app.addHook('onClose', async () => clearTimeout(lastBytes));
}
