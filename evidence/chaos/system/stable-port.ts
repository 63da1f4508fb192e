import { createServer } from 'node:net';
import { freePort } from '../../../src/platform/processes/free-port.ts';

/** Below the range from which systems take the ports of outgoing connections. */
const FIRST = 20_000;
const LAST = 32_000;

/**
 * A free port that stays free while its server is away: of the ports that a system gives by itself, an outgoing
 * connection may take any.
 */
export async function stablePort(): Promise<number> {
  for (let tries = 0; tries < 20; tries += 1) {
    const port = FIRST + ((await freePort()) % (LAST - FIRST));
    if (await isFree(port)) return port;
  }
  throw new Error(`of 20 ports from ${FIRST} to ${LAST} none was free`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
