import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from './free-port.ts';
import { isRefused, isUrlRefused } from './is-refused.ts';
import { MINIMAL_ENVIRONMENT } from './minimal-environment.ts';
import { startProgram } from './start-program.ts';
import { metricsPort, PortsTakenError, refuseTakenPorts, takenPortMessage } from './taken-ports.ts';

const host = '127.0.0.1';
let servers: readonly Server[];
let taken: readonly number[];

beforeAll(async () => {
  servers = Array.from({ length: 5 }, () => createServer().listen(0, host));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  taken = servers.map((server) => (server.address() as AddressInfo).port);
});
afterAll(() => servers.forEach((server) => void server.close()));

const portAt = (index: number) => taken[index] ?? 0;

/** A program that ends because of its settings. */
async function endOf(program: string, settings: NodeJS.ProcessEnv) {
  const child = await startProgram({ name: program, program, env: { ...MINIMAL_ENVIRONMENT, ...settings } });
  const { code } = await child.exited;
  return { code, lines: child.output.tail() };
}

test('ports that are free, and 0 for any free one, are not refused', async () => {
  const free = { host, port: await freePort(), use: 'a test', setting: 'PORT' };
  await expect(refuseTakenPorts([free, { ...free, port: 0 }])).resolves.toBeUndefined();
});

test('one port that is taken is named in one line with its setting', async () => {
  const refused = refuseTakenPorts([
    { host, port: await freePort(), use: 'a test', setting: 'FREE' },
    metricsPort(`${host}:${portAt(0)}`),
  ]);
  await expect(refused).rejects.toThrow(PortsTakenError);
  await expect(refused).rejects.toThrow(
    `port ${portAt(0)} on ${host}, for the worker's metrics, is taken: set METRICS_ADDRESS to another one, or to ${host}:0 for any free one`,
  );
});

test('the message says what else can be done', () => {
  const message = takenPortMessage({ host, port: 1, use: 'it', setting: 'PORT', otherwise: 'Use the other.' });
  expect(message).toMatch(/for any free one\. Use the other\.$/);
});

test('npm start lists all ports that are taken before it starts anything, in 80 columns', async () => {
  const { code, lines } = await endOf('src/platform/supervisor/main.ts', {
    TEMPORAL_PORT: String(portAt(0)),
    TEMPORAL_UI_PORT: String(portAt(1)),
    TICKET_SYSTEM_PORT: String(portAt(2)),
    ACCOUNT_API_PORT: String(portAt(3)),
    METRICS_ADDRESS: `${host}:${portAt(4)}`,
    DATABASE_DIR: '/nowhere/at/all',
    TEMPORAL_CLI_PATH: '/nowhere/at/all',
  });
  expect(code).toBe(1);
  const table = lines.slice(1, 6).map((line) => line.trim().split(/ {2,}/));
  expect(table).toEqual([
    [`${host}:${portAt(0)}`, 'the Temporal server', 'TEMPORAL_PORT'],
    [`${host}:${portAt(1)}`, "Temporal's UI", 'TEMPORAL_UI_PORT'],
    [`${host}:${portAt(2)}`, 'the ticket system', 'TICKET_SYSTEM_PORT'],
    [`${host}:${portAt(3)}`, 'the account API', 'ACCOUNT_API_PORT'],
    [`${host}:${portAt(4)}`, "the worker's metrics", 'METRICS_ADDRESS'],
  ]);
  expect(lines.join('\n')).toContain(`TEMPORAL_ADDRESS=${host}:${portAt(0)}`);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

test.each([
  ['the worker', 'src/worker/main.ts', 'METRICS_ADDRESS', () => `${host}:${portAt(0)}`],
  ['the Temporal server', 'src/platform/temporal/main.ts', 'TEMPORAL_UI_PORT', () => String(portAt(0))],
])('%s names its port that is taken before it starts anything', async (_, program, setting, value) => {
  const { code, lines } = await endOf(program, {
    TEMPORAL_PORT: String(await freePort()),
    DATABASE_DIR: '/nowhere/at/all',
    [setting]: value(),
  });
  expect(lines).toEqual([expect.stringMatching(`^port ${portAt(0)} on ${host}, .* is taken: set ${setting} to`)]);
  expect(code).toBe(1);
});

test('an address is refused when nothing listens there or the host does not exist', async () => {
  expect(await isRefused({ host, port: portAt(0) })).toBe(false);
  expect(await isUrlRefused(`http://${host}:${portAt(0)}/x`)).toBe(false);
  expect(await isUrlRefused(`http://localhost:${await freePort()}`)).toBe(true);
  expect(await isUrlRefused('http://no-such-host.invalid')).toBe(true);
});
