import { createServer } from 'node:net';
import { freePort } from '../../../src/platform/processes/free-port.ts';

/** Below the range that operating systems use for outgoing connections. */
const FIRST = 20_000;
const LAST = 32_000;
const MAX_TRIES = 20;

/**
 * A free port that stays free while its server is down. A port assigned by the operating system would not: an outgoing
 * connection could take it.
 */
export async function stablePort(): Promise<number> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const port = FIRST + ((await freePort()) % (LAST - FIRST));
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port found from ${FIRST} to ${LAST} in ${MAX_TRIES} tries`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
