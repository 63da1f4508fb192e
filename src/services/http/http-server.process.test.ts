import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import net from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '../../platform/logging/logger.ts';
import { waitUntil } from '../../platform/processes/wait-until.ts';
import { createServer } from './create-server.ts';
import { addHealthRoute } from './health-route.ts';
import { createHttpServer, refuseConnection } from './http-server.ts';
import { serveOpenApi } from './open-api.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Exchange {
  readonly path: string;
  readonly body: string;
  readonly respond: (text?: string) => void;
}

/** A server whose handlers respond when the test says so. */
async function startServer(limits = { timeoutMs: 30_000, checkEveryMs: 1_000 }) {
  const started: Exchange[] = [];
  const server = createHttpServer((request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      started.push({ path: request.url ?? '', body, respond: (text = '') => void response.end(text) });
    });
  }, limits);
  server.on('clientError', refuseConnection);
  await listen(server);
  return { server, started, paths: () => started.map(({ path }) => path) };
}

async function listen(server: Server): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
}

/** Connects and sends; what comes back is collected unless it is not read. */
function send(server: Server, text: string, options: { read?: boolean } = {}) {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const socket = net.connect(port, '127.0.0.1');
  const connection = { socket, received: '', isClosed: false };
  socket.on('error', () => undefined);
  socket.on('close', () => {
    connection.isClosed = true;
  });
  if (options.read !== false) {
    socket.on('data', (chunk) => {
      connection.received += chunk.toString('latin1');
    });
  }
  socket.write(text);
  closers.push(() => socket.destroy());
  return connection;
}

const get = (path: string, headers = '') => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`;

const until = (what: string, condition: () => boolean | Promise<boolean>) =>
  waitUntil(condition, { what, timeoutMs: 30_000, everyMs: 5, retryable: () => false });

/** What a server reads and handles until now. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 50));

describe('pipelined requests', () => {
  it('are handled one at a time and in order', async () => {
    const { server, started, paths } = await startServer();
    const client = send(server, get('/1') + get('/2') + get('/3'));
    for (const path of ['/1', '/2', '/3']) {
      await until(`the handler of ${path}`, () => started.length > 0);
      await settled();
      expect(paths()).toEqual([path]);
      started.shift()?.respond(`response ${path}`);
    }
    await until('the last response', () => client.received.includes('response /3'));
    expect(client.received.match(/response \/\d/g)).toEqual(['response /1', 'response /2', 'response /3']);
  });

  it('have bodies, also when these arrive in parts', async () => {
    const { server, started } = await startServer();
    const post = 'POST /2 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n';
    const client = send(server, `${get('/1')}${post}ab`);
    await until('the first handler', () => started.length === 1);
    started.shift()?.respond();
    client.socket.write(`cd${get('/3')}`);
    await until('the second handler', () => started.length === 1);
    expect(started.shift()).toMatchObject({ path: '/2', body: 'abcd' });
  });

  it('close the connection once more than 16 of them wait, and those are never handled', async () => {
    const { server, started, paths } = await startServer();
    const client = send(server, Array.from({ length: 18 }, (_, index) => get(`/${index}`)).join(''));
    await until('the end of the connection', () => client.isClosed);
    started.shift()?.respond();
    await settled();
    expect(paths()).toEqual([]);
  });

  it('are not even parsed after that, although Node has read 64 kB of them', async () => {
    const { server } = await startServer();
    let parsed = 0;
    server.on('request', () => {
      parsed += 1;
    });
    const client = send(server, get('/').repeat(5_000));
    await until('the end of the connection', () => client.isClosed);
    expect(parsed).toBe(18);
  });

  it('may be 16 behind the one that is handled', async () => {
    const { server, started } = await startServer();
    const client = send(server, Array.from({ length: 17 }, (_, index) => get(`/${index}`)).join(''));
    for (let count = 0; count < 17; count += 1) {
      await until('the next handler', () => started.length === 1);
      started.shift()?.respond('done');
    }
    await until('all responses', () => client.received.match(/done/g)?.length === 17);
  });

  it('are not read while one of them waits, however many come', async () => {
    const { server, started, paths } = await startServer();
    const client = send(server, get('/1') + get('/2'));
    await until('the first handler', () => started.length === 1);
    await settled();
    client.socket.write(get('/later').repeat(30));
    await settled();
    started[0]?.respond();
    await until('the second handler', () => started.length === 2);
    expect(paths()).toEqual(['/1', '/2']);
  });

  it('are not handled while the response before them is not read', async () => {
    const { server, started, paths } = await startServer();
    const client = send(server, get('/big') + get('/next'), { read: false });
    await until('the first handler', () => started.length === 1);
    started.shift()?.respond('x'.repeat(30_000_000));
    await settled();
    expect(paths()).toEqual([]);
    client.socket.resume();
    await until('the second handler', () => started.length === 1);
  });

  it('after a request that ends the connection are not handled', async () => {
    const { server, started, paths } = await startServer();
    const client = send(server, get('/1', 'Connection: close\r\n') + get('/2'));
    await until('the first handler', () => started.length === 1);
    started.shift()?.respond('last');
    await until('the end of the connection', () => client.isClosed);
    expect([paths(), client.received.endsWith('last')]).toEqual([[], true]);
  });

  it('are answered in order when one of them is not valid', async () => {
    const { server, started } = await startServer();
    const client = send(server, `${get('/1')}NONSENSE\r\n\r\n`);
    await until('the first handler', () => started.length === 1);
    await settled();
    expect(client.received).toBe('');
    started.shift()?.respond('the first');
    await until('the end of the connection', () => client.isClosed);
    expect(client.received).toMatch(/^HTTP\/1.1 200 .*the first.*HTTP\/1.1 400 .*"code":"INVALID_REQUEST"}$/s);
  });

  it('for the documentation leave no file open when their client has gone', async () => {
    const app = createServer({ logger: createLogger('service', 'silent') });
    closers.push(() => app.close());
    await serveOpenApi(app, { title: 'Service', description: '' });
    addHealthRoute(app);
    await app.listen({ host: '127.0.0.1', port: 0 });
    const page = get('/docs/static/swagger-ui-bundle.js');
    const warm = send(app.server, page);
    await until('the page', () => warm.received.length > 1_000_000);
    warm.socket.destroy();
    const openFiles = async () => (await readdir('/dev/fd')).length;
    const before = await openFiles();
    const clients = Array.from({ length: 20 }, () => send(app.server, page.repeat(16), { read: false }));
    await until('the connections', () => clients.every(({ socket }) => !socket.pending));
    await settled();
    for (const { socket } of clients) socket.destroy();
    await until('the files to be closed', async () => (await openFiles()) <= before);
  });
});

describe('a slow client', () => {
  const limits = { timeoutMs: 200, checkEveryMs: 20 };

  it.each([
    ['sends nothing', ''],
    ['sends no complete headers', 'GET /1 HTTP/1.1\r\nHost: localhost\r\n'],
    ['sends no complete body', 'POST /1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nab'],
  ])('that %s is refused in time', async (_, text) => {
    const { server } = await startServer(limits);
    const client = send(server, text);
    await until('the end of the connection', () => client.isClosed);
    expect(client.received).toMatch(/^HTTP\/1.1 408 .*"code":"REQUEST_TIMEOUT"}$/s);
  });

  it('that does not read its response is disconnected in time', async () => {
    const { server, started } = await startServer(limits);
    const client = send(server, get('/1'), { read: false });
    await until('the handler', () => started.length === 1);
    started.shift()?.respond('x'.repeat(30_000_000));
    await until('no connection', () => connectionsOf(server).then((count) => count === 0));
    client.socket.destroy();
  });

  it('has 30 seconds', async () => {
    const app = createServer({ logger: createLogger('service', 'silent') });
    closers.push(() => app.close());
    expect([app.server.requestTimeout, app.server.headersTimeout]).toEqual([30_000, 30_000]);
  });
});

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
}

describe('what is not a proper request', () => {
  it.each([
    ['no Host', 'GET /health HTTP/1.1\r\n\r\n', 400, 'INVALID_REQUEST'],
    ['an empty Host', 'GET /health HTTP/1.1\r\nHost:\r\n\r\n', 403, 'FOREIGN_HOST'],
    ['two Hosts', get('/health', 'Host: localhost\r\n'), 400, 'INVALID_REQUEST'],
    ['a second, foreign Host', get('/health', 'host: evil.example\r\n'), 400, 'INVALID_REQUEST'],
    [
      'a foreign page behind 2500 headers',
      get('/health', `${'a:\r\n'.repeat(2_500)}Origin: null\r\n`),
      403,
      'FOREIGN_ORIGIN',
    ],
    ['a foreign address as its target', get('http://evil.example/health'), 403, 'FOREIGN_HOST'],
    ['a proxy’s method', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n', 405, 'METHOD_NOT_ALLOWED'],
    ['another expectation', get('/health', 'Expect: tea\r\n'), 417, 'EXPECTATION_FAILED'],
    ['a method that no route has', get('/health').replace('GET', 'PROPFIND'), 501, 'METHOD_NOT_IMPLEMENTED'],
    ['an unknown method', get('/health').replace('GET', 'FROB'), 400, 'INVALID_REQUEST'],
    ['large headers', get('/health', `X: ${'x'.repeat(20_000)}\r\n`), 431, 'HEADERS_TOO_LARGE'],
    ['two lengths', get('/health', 'Content-Length: 1\r\nContent-Length: 2\r\n'), 400, 'INVALID_REQUEST'],
    ['no HTTP', '\x16\x03\x01\x02\x00\x01', 400, 'INVALID_REQUEST'],
  ])('is refused in the form of all errors: %s', async (_, text, status, code) => {
    const app = createServer({ logger: createLogger('service', 'silent') });
    closers.push(() => app.close());
    addHealthRoute(app);
    await app.listen({ host: '127.0.0.1', port: 0 });
    const client = send(app.server, text);
    await until('the response', () => /\r\n\r\n\{.*\}/s.test(client.received));
    expect(client.received).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(client.received.split('\r\n\r\n')[1] ?? '')).toEqual({ error: expect.any(String), code });
    client.socket.destroy();
  });
});
