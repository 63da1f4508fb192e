import type { FastifyInstance } from 'fastify';
import { shuttingDown } from './problem-of-error.ts';
import type { RequestsInFlight } from './requests-in-flight.ts';

/** How long a stop waits for answers to leave, for requests that have come only in part and for those that hang. */
const LAST_BYTES_MS = 1_000;

/**
 * Makes `app.close()` finish and answer what was accepted, refuse what comes after, and drop requests that hang by an
 * injected fault.
 */
export function stopGracefully(app: FastifyInstance, inFlight: RequestsInFlight): void {
  let stopping = false;
  let lastBytes: NodeJS.Timeout | undefined;
  app.addHook('onRequest', async () => {
    if (stopping) throw shuttingDown();
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
