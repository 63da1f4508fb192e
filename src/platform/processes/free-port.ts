import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { errorCode } from '../../contracts/errors.ts';

/** Below the ports that operating systems assign, to servers that ask for any free one and to outgoing connections. */
const FIRST = 20_000;
const LAST = 32_000;
const MAX_TRIES = 20;

/**
 * A port of loopback that is free now, and that the operating system assigns to nobody while a server is down. Another
 * program may still choose it: be ready to try another one.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const port = randomInt(FIRST, LAST);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port found from ${FIRST} to ${LAST} in ${MAX_TRIES} tries`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', (error) => {
      if (errorCode(error) === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
