import { once } from 'node:events';
import http from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type HttpRequest, sendRequest } from 'exactly-one/http';
import { untilStopped } from '../../testbed/until-stopped.ts';
import { startProgram } from '../platform/processes/start-program.ts';
import { untilLine } from '../platform/processes/until-ready.ts';
import { waitUntil } from '../platform/processes/wait-until.ts';

/** A service that records what reaches it, and responds to every request. */
let service: { url: string; server: http.Server; requests: string[]; connections: { bytes: number; open: boolean }[] };
beforeEach(async () => {
  const requests: string[] = [];
  const connections: { bytes: number; open: boolean }[] = [];
  const server = http.createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    response.setHeader('content-type', 'application/json').end('{}');
  });
  server.on('connection', (socket: Socket) => {
    const connection = { bytes: 0, open: true };
    connections.push(connection);
    socket
      .on('error', () => undefined)
      .once('close', () => {
        Object.assign(connection, { bytes: socket.bytesRead, open: false });
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the service has no port');
  service = { url: `http://127.0.0.1:${address.port}`, server, requests, connections };
});
afterEach(() => {
  service.server.closeAllConnections();
  service.server.close();
});

const send = (changes: Partial<HttpRequest> = {}) =>
  sendRequest({
    method: 'POST',
    url: `${service.url}/orders/1/tickets`,
    body: { a: 1 },
    timeoutMs: 30_000,
    ...changes,
  });

/** Keeps this process from doing anything else, as a long garbage collection or a stopped process does. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** All connections are closed again, and nothing has been written to them. */
async function nothingArrived(connections: number): Promise<void> {
  await waitUntil(() => service.connections.length === connections && service.connections.every(({ open }) => !open), {
    what: `the end of ${connections} connections`,
    timeoutMs: 30_000,
  });
  expect(service.connections.map(({ bytes }) => bytes)).toEqual(Array.from({ length: connections }, () => 0));
  expect(service.requests).toEqual([]);
}

describe('a request', () => {
  test('is sent once and its response returned', async () => {
    expect(await send()).toMatchObject({ kind: 'response', status: 200, body: '{}' });
    expect(service.requests).toEqual(['POST /orders/1/tickets']);
  });

  test('whose response is too long says so, although that error has no code', async () => {
    service.server.removeAllListeners('request').on('request', (_, response) => response.end('x'.repeat(2_000_000)));
    expect(await send()).toMatchObject({
      ...{ kind: 'no response', connected: true },
      errorCodes: [expect.stringMatching(/^the response is longer than \d+ bytes$/)],
    });
  });

  test('is not sent if its time is over when the connection exists, and the connection is closed', async () => {
    const sending = send({ timeoutMs: 50 });
    block(100);
    expect(await sending).toEqual({ kind: 'not sent', reason: 'its time was over before it was sent' });
    await nothingArrived(1);
  });

  test('is not sent if its deadline has passed when the connection exists, whatever time it had', async () => {
    let hasPassed = false;
    const sending = send({ mayStillBeSent: () => !hasPassed });
    hasPassed = true;
    expect(await sending).toEqual({ kind: 'not sent', reason: 'its deadline passed before it was sent' });
    await nothingArrived(1);
  });

  test.each([0, -1, -30_000, Number.NaN, Number.NEGATIVE_INFINITY])(
    'is not even connected with a time limit of %d',
    async (timeoutMs) => {
      expect(await send({ timeoutMs })).toMatchObject({ kind: 'not sent' });
      await nothingArrived(0);
    },
  );

  test('may have a time limit that is too long for a timer', async () => {
    expect(await send({ timeoutMs: Number.POSITIVE_INFINITY })).toMatchObject({ kind: 'response' });
  });

  test('that is cancelled before it is written is never written, and its connection is closed', async () => {
    const caller = new AbortController();
    const sending = send({ signal: caller.signal });
    caller.abort();
    expect(await sending).toEqual({ kind: 'not sent', reason: 'the request was cancelled' });
    expect(await send({ signal: caller.signal })).toMatchObject({ kind: 'not sent' });
    // A connection that was abandoned while it was being made may or may not have reached the service.
    await nothingArrived(service.connections.length);
  });

  test('that is cancelled once it is written has no response, as far as anyone knows', async () => {
    const caller = new AbortController();
    service.server.removeAllListeners('request').on('request', () => caller.abort());
    expect(await send({ signal: caller.signal })).toMatchObject({ kind: 'no response', connected: true });
  });

  test('of a process that is stopped between the vault’s response and the create is not sent after its deadline', async () => {
    const child = await startProgram({
      name: 'the sender',
      program: 'src/clients/stopped-sender.fixture.ts',
      args: [service.url],
      env: { PATH: process.env.PATH, HOME: process.env.HOME },
    });
    try {
      const readiness = { what: 'its stop', timeoutMs: 30_000 };
      const [, pid = '', deadlineMs = ''] = await untilLine(child, /process (\d+) stops; .* (\d+)$/, readiness);
      await untilStopped(Number(pid));
      await waitUntil(() => Date.now() > Number(deadlineMs), readiness);
      process.kill(Number(pid), 'SIGCONT');
      const [, exchange = ''] = await untilLine(child, /exchange (.*)/, { what: 'its outcome', timeoutMs: 30_000 });
      expect(JSON.parse(exchange)).toMatchObject({ kind: 'not sent' });
      expect(service.requests).toEqual(['GET /payment-methods/R-1?source=primary']);
    } finally {
      await child.kill();
    }
  });
});
