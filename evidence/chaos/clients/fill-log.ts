import { Agent, request } from 'node:http';

/** Each is logged with some 2 KB; a process and its pipe hold a little more than 1 MB that nobody reads. */
const REQUESTS = 1_000;
const AT_ONCE = 8;
const TIMEOUT_MS = 10_000;
/** No route has this method, so no fault is injected, and the log shows the address and a stack. */
const METHOD = 'SUBSCRIBE';
const REFUSED = 501;
/** The log shows no more of an address. */
const LONG_PATH = `/${'fill-the-log-'.repeat(24)}`;

/**
 * Makes a service log more than its output holds while nobody reads it, and checks that it responds all the same.
 * @throws Error when it does not respond within 10 s, or otherwise than usual
 */
export async function fillLog(serviceUrl: string): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  let left = REQUESTS;
  const sendSome = async () => {
    while (left > 0) {
      left -= 1;
      await expectStatus(REFUSED, METHOD, `${serviceUrl}${LONG_PATH}`, agent);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, sendSome));
    await expectStatus(200, 'GET', `${serviceUrl}/health`, agent);
  } finally {
    agent.destroy();
  }
}

function expectStatus(expected: number, method: string, url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    request(url, { method, agent, signal: AbortSignal.timeout(TIMEOUT_MS) }, (response) => {
      const { statusCode } = response;
      response.resume().once('error', reject);
      response.once('end', () =>
        statusCode === expected ? resolve() : reject(new Error(`${method} was answered with ${statusCode}`)),
      );
    })
      .once('error', reject)
      .end();
  });
}
