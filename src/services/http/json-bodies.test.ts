import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createLogger } from '../../platform/logging/logger.ts';
import { createFaultPlan } from '../faults/fault-plan.ts';
import { TICKET_SYSTEM_POINTS, TICKET_SYSTEM_PRESETS, type TicketSystemPoint } from '../faults/ticket-system-faults.ts';
import { createServer, type Server } from './create-server.ts';
import { addFaultsRoutes } from './faults-routes.ts';

let app: Server;
beforeEach(() => {
  app = createServer({ logger: createLogger('service', 'silent') });
  const plan = createFaultPlan<TicketSystemPoint>(TICKET_SYSTEM_PRESETS, { seed: 1, preset: 'calm' });
  addFaultsRoutes(app, { plan, points: TICKET_SYSTEM_POINTS, presetNames: Object.keys(TICKET_SYSTEM_PRESETS) });
});
afterEach(() => app.close());

const CHOICE = '{"seed":7,"preset":"rare"}';

async function put(payload: string | Buffer, headers: Readonly<Record<string, string>> = {}) {
  const response = await app.inject({
    method: 'PUT',
    url: '/faults',
    payload,
    headers: { 'content-type': 'application/json', ...headers },
  });
  return { status: response.statusCode, headers: response.headers, body: response.json() };
}

it.each([
  ['identity', { 'content-encoding': 'identity' }],
  ['UTF-8', { 'content-type': 'application/json; charset="UTF-8"' }],
  ['another parameter', { 'content-type': 'application/json; version=1; charset=utf-8' }],
])('a body that needs no decoding is accepted: %s', async (_, headers) => {
  expect(await put(CHOICE, Object.assign({}, headers))).toMatchObject({ status: 200, body: { seed: 7 } });
});

it('a byte order mark is no part of a body', async () => {
  expect(await put(`\uFEFF${CHOICE}`)).toMatchObject({ status: 200, body: { seed: 7 } });
});

it.each([
  ['compressed', gzipSync(CHOICE), { 'content-encoding': 'gzip' }],
  ['said to be compressed', CHOICE, { 'content-encoding': 'br' }],
  ['compressed twice', CHOICE, { 'content-encoding': 'identity, gzip' }],
  ['compressed for the transfer', CHOICE, { 'transfer-encoding': 'gzip, chunked' }],
  ['in Latin-1', CHOICE, { 'content-type': 'application/json; charset=ISO-8859-1' }],
  ['in UTF-16', Buffer.from(CHOICE, 'utf16le'), { 'content-type': 'application/json;charset="utf-16"' }],
  ['in UTF-8 and in UTF-16', CHOICE, { 'content-type': 'application/json; charset=utf-8; charset=utf-16' }],
  ['a form', 'seed=7', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['text', CHOICE, { 'content-type': 'text/plain' }],
  ['another JSON format', CHOICE, { 'content-type': 'application/merge-patch+json' }],
])('a body that would have to be decoded first is refused: %s', async (_, payload, headers) => {
  const { status, body } = await put(payload, Object.assign({}, headers));
  expect([status, body.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
  expect(body.error).toMatch(/must (not be compressed|be JSON)/);
});

it('the refusal of a compressed body says what is accepted', async () => {
  expect((await put(gzipSync(CHOICE), { 'content-encoding': 'gzip' })).headers['accept-encoding']).toBe('identity');
});

it.each([
  ['with different values', '{"seed":7,"preset":"rare","preset":"calm"}', 'preset'],
  ['with the same value', '{"seed":7,"preset":"rare","preset":"rare"}', 'preset'],
  ['written differently', '{"seed":7,"preset":"rare","\\u0073eed":8}', 'seed'],
  ['further in', '{"seed":7,"rules":[{"point":"token","kind":"delay","kind":"delay"}]}', 'kind'],
])('a name that occurs twice in an object is refused, %s', async (_, text, name) => {
  expect((await put(text)).body).toEqual({
    error: `the body is not valid JSON: Duplicate key '${name}'`,
    code: 'INVALID_JSON',
  });
});

it('the same name in different objects, or in a text, is accepted', async () => {
  const rule = '{"point":"token","kind":"delay","probability":0.5}';
  expect((await put(`{"seed":7,"rules":[${rule},${rule}]}`)).status).toBe(200);
  const { body } = await put('{"seed":7,"preset":"{\\"seed\\":1,\\"seed\\":2"}');
  expect(body.code).toBe('INVALID_REQUEST');
});

it.each([
  ['not UTF-8', Buffer.concat([Buffer.from('{"seed":7,"preset":"'), Buffer.from([0xff]), Buffer.from('"}')])],
  ['empty', ''],
  ['cut off', CHOICE.slice(0, -1)],
  ['followed by more', `${CHOICE} {}`],
])('a body that is not valid JSON is refused: %s', async (_, payload) => {
  const { status, body } = await put(payload);
  expect([status, body.code]).toEqual([400, 'INVALID_JSON']);
});

it.each(['__proto__', 'constructor', 'toString'])('a property named %s is unknown like any other', async (name) => {
  const { body } = await put(`{"seed":7,"preset":"rare","${name}":{"seed":8}}`);
  expect(body.error).toBe(`body has the unknown property "${name}"`);
});

it.each([
  ['a long name', { method: 'PUT', url: '/faults', payload: { seed: 7, ['x'.repeat(20_000)]: 1 } }],
  ['a long address', { method: 'GET', url: `/${'x'.repeat(15_000)}` }],
  ['a long parameter', { method: 'GET', url: `/faults?${'x'.repeat(15_000)}=1` }],
  ['a long host', { method: 'GET', url: '/faults', headers: { host: 'x'.repeat(15_000) } }],
  ['a long origin', { method: 'GET', url: '/faults', headers: { origin: `http://${'x'.repeat(15_000)}` } }],
] as const)('an error does not repeat %s', async (_, request) => {
  const response = await app.inject(Object.assign({}, request));
  expect(response.statusCode).toBeGreaterThanOrEqual(400);
  expect(response.body.length).toBeLessThan(700);
});

it('a body is refused at its first mistake: finding all of thousands would keep other clients waiting', async () => {
  const names = Array.from({ length: 5_000 }, (_, n) => `"k${n}":1`);
  expect((await put(`{"seed":7,"preset":"rare",${names}}`)).body.error).toBe('body has the unknown property "k0"');
});

it('an address that cannot be read is refused in plain words', async () => {
  expect((await app.inject('/faults/%zz')).json().error).toBe("'/faults/%zz' is not a valid url component");
});
