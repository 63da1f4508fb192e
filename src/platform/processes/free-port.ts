import { createServer } from 'node:net';

/** A port that is free now. Another process may take it before you use it: be ready to try another one. */
export function freePort(host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error(`the system provided no free port on ${host}`));
      });
    });
  });
}
