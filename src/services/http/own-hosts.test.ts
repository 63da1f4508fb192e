import { afterEach, expect, it } from '@jest/globals';
import { createLogger } from '../../platform/logging/logger.ts';
import { createServer, type Server } from './create-server.ts';
import { addHealthRoute } from './health-route.ts';

let app: Server;
afterEach(() => app.close());

type Headers = Readonly<Record<string, string>>;

async function statusAndCode(headers: Headers, method: 'GET' | 'OPTIONS' = 'GET'): Promise<unknown[]> {
  app = createServer({ logger: createLogger('service', 'silent'), allowedHosts: ['tickets.example.com', '10.1.2.3'] });
  addHealthRoute(app);
  const response = await app.inject({ method, url: '/health', headers: { host: 'localhost:3001', ...headers } });
  return [response.statusCode, response.json().code];
}

it.each([
  'localhost',
  'LocalHost:3001',
  'localhost.:3001',
  '127.0.0.1:3001',
  '127.1.2.3',
  '[::1]:3001',
  '[::ffff:127.0.0.1]',
  'tickets.example.com',
  'TICKETS.example.com.:8443',
  '10.1.2.3:3001',
])('a request for the host %s is accepted', async (host) => {
  expect(await statusAndCode({ host })).toEqual([200, undefined]);
});

it.each([
  'evil.example:3001',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  'evil.example#localhost',
  'localhost@evil.example',
  'localhost:3001, evil.example',
  'evil.tickets.example.com',
  'localhost:99999',
  '0.0.0.0:3001',
  '192.168.0.1',
  '[2001:db8::1]:3001',
])('a request for the host "%s" is refused: its name may have been made to resolve to this machine', async (host) => {
  expect(await statusAndCode({ host })).toEqual([403, 'FOREIGN_HOST']);
});

it.each([
  { origin: 'http://localhost:3001' },
  { origin: 'http://127.0.0.1:3001', host: '127.0.0.1:3001', 'sec-fetch-site': 'same-origin' },
  { origin: 'http://127.0.0.1:3001' },
  { origin: 'https://tickets.example.com', host: 'tickets.example.com' },
  { origin: 'https://tickets.example.com', host: '127.0.0.1:3001' },
  { 'sec-fetch-site': 'none' },
  { 'sec-fetch-site': 'same-origin' },
])('a request from a page of this service is accepted: %j', async (headers) => {
  expect(await statusAndCode(Object.assign({}, headers))).toEqual([200, undefined]);
});

it.each([
  { origin: 'https://evil.example' },
  { origin: 'http://localhost:3000' },
  { origin: 'http://localhost' },
  { origin: 'http://evil.example:3001' },
  { origin: 'http://localhost:3001.evil.example' },
  { origin: 'http://localhost:3001, https://evil.example' },
  { origin: 'null' },
  { origin: 'file://' },
  { origin: '' },
  { 'sec-fetch-site': 'cross-site' },
])('a request from a page of somebody else is refused: %j', async (headers) => {
  expect(await statusAndCode(Object.assign({}, headers))).toEqual([403, 'FOREIGN_ORIGIN']);
});

it('a preflight request for a foreign page is refused', async () => {
  const headers = { origin: 'https://evil.example', 'access-control-request-method': 'PUT' };
  expect(await statusAndCode(headers, 'OPTIONS')).toEqual([403, 'FOREIGN_ORIGIN']);
});

it('a refusal says what was given, what is allowed and what to set', async () => {
  await statusAndCode({});
  const { error } = (await app.inject({ url: '/nothing', headers: { host: 'evil.example' } })).json();
  expect(error).toBe(
    'the host "evil.example" is not this service, which is localhost, 127.0.0.1, [::1], tickets.example.com, 10.1.2.3: ' +
      'add a host of your own to ALLOWED_HOSTS',
  );
});
