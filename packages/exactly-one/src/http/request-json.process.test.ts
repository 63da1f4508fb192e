import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { requestJson } from './request-json.ts';

/** Responds with the status and the body that its path names. */
const server = http.createServer(({ url = '' }, response) => {
  const [, status, body = ''] = url.split('/');
  response.writeHead(Number(status)).end(decodeURIComponent(body));
});
let url = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const request = (path: string, timeoutMs = 10_000) =>
  requestJson({ method: 'GET', url: `${url}/${path}`, timeoutMs }).catch((error: Error) => error.message);

it('returns the body of a complete response', async () => {
  expect(await request('200/{"rooms":[]}')).toEqual({ rooms: [] });
});

it.each([
  ['an error', '500/oops', 'the response was 500: oops'],
  ['a part of the list', '206/{}', 'the response was 206: {}'],
  ['a list that is only accepted', '202/{}', 'the response was 202: {}'],
])('throws after %s, and says what the service responded', async (_, path, message) => {
  expect(await request(path)).toBe(`GET ${url}/${path.replace('{}', '{}')}: ${message}`);
});

it('throws after a body that is no JSON', async () => {
  expect(await request('200/oops')).toMatch(/JSON/);
});

it('throws when its time is over', async () => {
  expect(await request('200/{}', 0)).toMatch(/not sent, because its time was over before it was sent$/);
});

it('throws when nothing listens', async () => {
  const refused = requestJson({ method: 'GET', url: 'http://127.0.0.1:9/', timeoutMs: 10_000 });
  await expect(refused).rejects.toThrow('GET http://127.0.0.1:9/: no response (connect ECONNREFUSED 127.0.0.1:9)');
});
