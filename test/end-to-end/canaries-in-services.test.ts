import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { createLogger } from '../../src/platform/logging/logger.ts';
import { startAccountApi } from '../../src/services/account-api/account-api.fixture.ts';
import type { Server } from '../../src/services/http/create-server.ts';
import { startTicketSystem } from '../../src/services/ticket-system/ticket-system.fixture.ts';
import { CANARIES, canariesIn } from './canaries.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

type Headers = Readonly<Record<string, string>>;

interface Service {
  readonly app: Server;
  readonly databaseDir: string;
  readonly headers: Headers;
  readonly logLines: readonly string[];
}

const HEADERS = [
  'request-id',
  'idempotency-key',
  'reverses',
  'request-deadline',
  'authorization',
  'content-type',
  'host',
  'origin',
  'user-agent',
  'cookie',
  'x-forwarded-for',
];
/** Headers whose values are stored or logged. */
const NAMING_HEADERS = ['request-id', 'idempotency-key', 'reverses'];

async function ticketSystem(): Promise<Service> {
  const logLines: string[] = [];
  const logger = createLogger('ticket-system', 'trace', { write: (line: string) => void logLines.push(line) });
  const system = await startTicketSystem({ guarantee: 'none', logger });
  closers.push(system.stop);
  const { app, databaseDir, authorization } = system;
  return { app, databaseDir, headers: { authorization }, logLines };
}

async function accountApi(): Promise<Service> {
  const logLines: string[] = [];
  const logger = createLogger('account-api', 'trace', { write: (line: string) => void logLines.push(line) });
  const api = await startAccountApi({ logger });
  closers.push(api.stop);
  return { app: api.app, databaseDir: api.databaseDir, headers: {}, logLines };
}

interface Route {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly properties: readonly string[];
}

/** Every route that a service documents, and the properties of its body. */
async function routesOf(app: Server): Promise<readonly Route[]> {
  const { paths } = (await app.inject('/openapi.json')).json();
  return Object.entries<Record<string, object>>(paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, operation]): Route => {
      const schema = Object(operation).requestBody?.content?.['application/json']?.schema;
      const properties = Object.keys(schema?.properties ?? {});
      const upper = method.toUpperCase();
      return { method: upper === 'GET' || upper === 'PUT' ? upper : 'POST', path: template, properties };
    }),
  );
}

/** With every character percent-encoded. */
function hidden(text: string): string {
  return [...text].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('');
}

async function filesIn(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries.map(({ parentPath, name }) => path.join(parentPath, name));
  const texts = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFile(path.join(parentPath, name), 'utf8'));
  return [...names, ...(await Promise.all(texts))].join('\n');
}

test.each([
  ['ticket system', ticketSystem],
  ['account API', accountApi],
])('the %s lets no card number through any field of any route', async (_, start) => {
  const { app, databaseDir, headers, logLines } = await start();
  const answers: string[] = [];
  const send = async (route: Route, url: string, more: { headers?: Headers; payload?: string } = {}) => {
    const body = more.payload === undefined ? {} : { payload: more.payload };
    const type: Headers = more.payload === undefined ? {} : { 'content-type': 'application/json' };
    const response = await app.inject({
      method: route.method,
      url,
      headers: { ...headers, ...type, ...more.headers },
      ...body,
    });
    answers.push(`${JSON.stringify(response.headers)} ${response.body}`);
    return response.statusCode;
  };

  let next = 0;
  /** Each field gets other notations than the one before. */
  const canaries = () => Array.from({ length: 3 }, () => CANARIES[next++ % CANARIES.length] ?? '');
  for (const route of await routesOf(app)) {
    const fill = (value: string) => route.path.replaceAll(/\{\w+\}/g, value);
    const plain = fill('account_A');
    const places = [(value: string) => `${plain}?x=${value}`, (value: string) => `${plain}?${value}=1`];
    for (const place of [...places, (value: string) => `${plain}/${value}`, ...(plain === route.path ? [] : [fill])]) {
      for (const canary of canaries()) {
        for (const address of [place(encodeURIComponent(canary)), place(hidden(canary))]) {
          expect([address, await send(route, address)]).toEqual([address, 400]);
        }
      }
    }
    for (const name of HEADERS) {
      for (const canary of canaries()) {
        const status = await send(route, plain, { headers: { [name]: canary }, payload: '{}' });
        if (NAMING_HEADERS.includes(name)) expect([name, canary, status]).toEqual([name, canary, 400]);
      }
    }
    for (const name of [...route.properties, 'unknown']) {
      for (const canary of canaries()) await send(route, plain, { payload: JSON.stringify({ [name]: canary }) });
    }
    for (const canary of canaries()) {
      for (const payload of [{ [canary]: 1 }, canary, [canary]]) {
        await send(route, plain, { payload: JSON.stringify(payload) });
      }
      await send(route, plain, { payload: `{"${canary}"` });
      await send(route, plain, { payload: canary });
    }
    await send(route, plain, { payload: '{"amount":4242424242424242}' });
  }

  // The search finds what is there.
  expect(logLines.length).toBeGreaterThan(100);
  expect(canariesIn(answers.join('\n'))).toEqual([]);
  expect(canariesIn(logLines.join('\n'))).toEqual([]);
  expect(canariesIn(await filesIn(databaseDir))).toEqual([]);
});
