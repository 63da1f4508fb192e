import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lockFolder } from '../../platform/files/folder-lock.ts';
import { MINIMAL_ENVIRONMENT } from '../../platform/processes/minimal-environment.ts';
import { CARD, until } from './ticket-system.fixture.ts';

const MAIN = 'src/services/ticket-system/main.ts';
const AUDIT = 'src/services/ticket-system/audit-main.ts';

let databaseDir: string;
let children: ChildProcess[];
beforeEach(async () => {
  databaseDir = await mkdtemp(join(tmpdir(), 'ticket-system-main-'));
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(databaseDir, { recursive: true });
});

function run(program: string, env: NodeJS.ProcessEnv, args: readonly string[] = []) {
  const child = spawn(process.execPath, ['scripts/run.mjs', program, ...args], {
    env: { ...MINIMAL_ENVIRONMENT, DATABASE_DIR: databaseDir, TICKET_SYSTEM_PORT: '0', LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  children.push(child);
  const printed = { out: '', error: '' };
  child.stdout?.on('data', (chunk) => (printed.out += chunk));
  child.stderr?.on('data', (chunk) => (printed.error += chunk));
  const exitCode = once(child, 'close').then(([code]) => code);
  return { child, printed, exitCode };
}

async function start(env: NodeJS.ProcessEnv = {}) {
  const service = run(MAIN, env);
  await until(() => service.printed.out.includes('listens on'));
  const address = /ticket system listens on (http:\/\/127\.0\.0\.1:\d+)/.exec(service.printed.out)?.[1] ?? '';
  return { ...service, address };
}

async function call(address: string, path: string, init: RequestInit = {}): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json', ...init.headers };
  const response = await fetch(address + path, { ...init, headers });
  return JSON.parse(await response.text());
}

async function reserve(address: string) {
  const { token } = await call(address, '/tokens', { method: 'POST', body: '{}' });
  const headers = { authorization: `Bearer ${token}` };
  const { reservationId } = await call(address, '/orders/order-1/reservation', { headers });
  return { headers, reservationId };
}

/** Sends a create with its reservation, and returns the response while it may still be on its way. */
async function beginCreate(address: string) {
  const { headers, reservationId } = await reserve(address);
  const body = JSON.stringify({ reservationId, paymentInfo: CARD });
  return { created: call(address, '/orders/order-1/tickets', { method: 'POST', headers, body }) };
}

/** Sends a slow create, and resolves once the service works on it. */
async function beginSlowCreate(address: string) {
  // Long enough to see it in flight, also on a machine that stalls.
  const rules = [{ point: 'create.late-commit', kind: 'delay', probability: 1, delayMs: 4_000 }];
  await call(address, '/faults', { method: 'PUT', body: JSON.stringify({ seed: 1, rules }) });
  const begun = await beginCreate(address);
  await until(async () => (await call(address, '/audit')).inFlight === 1);
  return begun;
}

describe('the ticket system’s program', () => {
  it('prints one clear line about a wrong setting or folder and exits with 1', async () => {
    const refusals = [
      { env: { DATABASE_DIR: join(databaseDir, 'nowhere', 'at', 'all') }, said: 'DATABASE_DIR' },
      { env: { DATABASE_DIR: MAIN }, said: 'DATABASE_DIR' },
      { env: { TOKEN_TTL_MS: 'soon' }, said: 'TOKEN_TTL_MS=soon' },
      { env: { FAULTS: 'wild' }, said: 'calm, rare' },
    ];
    await Promise.all(
      refusals.map(async ({ env, said }) => {
        const { printed, exitCode } = run(MAIN, env);
        expect(await exitCode).toBe(1);
        expect(printed.error).toMatch(/^ticket system: .*\n$/);
        expect(printed.error).toContain(said);
      }),
    );
  });

  it('prints one clear line about a port in use, exits with 1 and releases the database', async () => {
    const taken = net.createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';
    const { printed, exitCode } = run(MAIN, { TICKET_SYSTEM_PORT: port });
    expect(await exitCode).toBe(1);
    expect(printed.error).toMatch(/^ticket system: port \d+ .*is taken.*TICKET_SYSTEM_PORT.*\n$/);
    await (await lockFolder(databaseDir, '.ticket-system.lock')).release();
    taken.close();
  });

  it('refuses a ledger with damage inside and names the line', async () => {
    await writeFile(join(databaseDir, 'ledger.jsonl'), '{"kind"\n');
    const { printed, exitCode } = run(MAIN, {});
    expect(await exitCode).toBe(1);
    expect(printed.error).toMatch(/^ticket system: ledger\.jsonl, line 1: .*\n$/);
  });

  it('refuses a database that another ticket system uses, and takes it over from one that was killed', async () => {
    const first = await start();
    const second = run(MAIN, {});
    expect(await second.exitCode).toBe(1);
    expect(second.printed.error).toMatch(/^ticket system: .* is used by process \d+.*\n$/);
    first.child.kill('SIGKILL');
    await first.exitCode;
    expect((await start()).address).toContain('http');
  });

  it('finishes a slow create that it has accepted, and responds to it, at SIGTERM', async () => {
    const { address, child, exitCode } = await start();
    const { created } = await beginSlowCreate(address);
    child.kill('SIGTERM');
    expect(await created).toMatchObject({ orderId: 'order-1', voided: false });
    expect(await exitCode).toBe(0);
    await (await lockFolder(databaseDir, '.ticket-system.lock')).release();
  });

  it('removes the temporary file of a create that was killed before the file was put in place', async () => {
    const first = await start({ CRASH_AT: 'create.before-link:order-1' });
    const { headers, reservationId } = await reserve(first.address);
    const body = JSON.stringify({ reservationId, paymentInfo: CARD });
    await expect(call(first.address, '/orders/order-1/tickets', { method: 'POST', headers, body })).rejects.toThrow();
    await first.exitCode;
    const ofOrder = () => readdir(join(databaseDir, 'tickets', 'order-1'));
    expect(await ofOrder()).toEqual([expect.stringMatching(/^\..*\.json\./)]);
    const second = await start();
    expect(await ofOrder()).toEqual([]);
    expect(second.printed.out).toContain('temporary files that a killed process had left were removed');
  });

  it('stops when its parent is gone', async () => {
    const { child } = await start();
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

describe('the audit’s program', () => {
  it('prints one JSON object, and its exit code says whether it found problems', async () => {
    const service = await start();
    await (await beginCreate(service.address)).created;
    const env = { TICKET_SYSTEM_URL: service.address };
    const good = run(AUDIT, env, ['--json']);
    expect(await good.exitCode).toBe(0);
    expect(JSON.parse(good.printed.out)).toMatchObject({ orders: 1, exactlyOne: 1, inFlight: 0, problems: [] });
    service.child.kill('SIGTERM');
    await service.exitCode;
    await writeFile(join(databaseDir, 'tickets', 'order-1', 'x'), '');
    const bad = run(AUDIT, env);
    expect(await bad.exitCode).toBe(1);
    expect(bad.printed.out).toContain('problem  tickets/order-1/x');
    expect(bad.printed.out).toContain('no ticket system responds');
    expect(await run(AUDIT, env, ['--nonsense']).exitCode).toBe(2);
  });
});
