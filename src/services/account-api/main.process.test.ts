import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lockFolder } from '../../platform/files/folder-lock.ts';
import { MINIMAL_ENVIRONMENT } from '../../platform/processes/minimal-environment.ts';
import type { Child } from '../../platform/processes/start-child.ts';
import { startProgram } from '../../platform/processes/start-program.ts';
import { untilLine } from '../../platform/processes/until-ready.ts';
import { waitUntil } from '../../platform/processes/wait-until.ts';
import { auditJournal } from './journal-audit.ts';

const MAIN = 'src/services/account-api/main.ts';
const RESET = 'src/services/account-api/reset-main.ts';

let databaseDir: string;
let children: Child[];
beforeEach(async () => {
  databaseDir = await mkdtemp(join(tmpdir(), 'account-api-main-'));
  children = [];
});
afterEach(async () => {
  await Promise.all(children.map((child) => child.kill()));
  await rm(databaseDir, { recursive: true });
});

const journalText = () => readFile(join(databaseDir, 'accounts', 'journal.jsonl'), 'utf8');

async function run(program: string, env: NodeJS.ProcessEnv = {}, args: readonly string[] = []): Promise<Child> {
  const child = await startProgram({
    name: program,
    program,
    args,
    env: { ...MINIMAL_ENVIRONMENT, DATABASE_DIR: databaseDir, ACCOUNT_API_PORT: '0', LOG_LEVEL: 'warn', ...env },
  });
  children.push(child);
  return child;
}

/** Runs a program to its end. */
async function runToEnd(program: string, env: NodeJS.ProcessEnv = {}, args: readonly string[] = []) {
  const child = await run(program, env, args);
  const { code } = await child.exited;
  return { code, lines: child.output.tail() };
}

async function start(env: NodeJS.ProcessEnv = {}) {
  const child = await run(MAIN, env);
  const listening = { what: 'the line with its address', timeoutMs: 30_000 };
  const [, address = ''] = await untilLine(child, /^account API listens on (http:\/\/127\.0\.0\.1:\d+)$/, listening);
  return { child, address };
}

function withdrawOne(address: string, key: string): Promise<Response> {
  return fetch(`${address}/accounts/account_A/withdraw`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: '{"amount":0.01}',
  });
}

async function takenPort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? String(address.port) : '', server };
}

describe('the account API’s program', () => {
  it('prints one clear line about what is wrong and exits with 1', async () => {
    const { port, server } = await takenPort();
    const refusals: [NodeJS.ProcessEnv, RegExp][] = [
      [{ DATABASE_DIR: join(databaseDir, 'nowhere', 'at', 'all') }, /does not exist: set DATABASE_DIR/],
      [{ ACCOUNT_API_PORT: 'http' }, /ACCOUNT_API_PORT=http: expected a port/],
      [{ REAL_WORLD_MODE: 'yes' }, /REAL_WORLD_MODE=yes: expected one of true, false/],
      [{ FAULTS: 'wild' }, /FAULTS: "wild" is not a fault preset: use one of calm, .*workshop/],
      [{ ACCOUNT_API_PORT: port }, /port \d+ .*is taken.*ACCOUNT_API_PORT/],
    ];
    await Promise.all(
      refusals.map(async ([env, message]) => {
        const { code, lines } = await runToEnd(MAIN, env);
        expect([code, lines.length]).toEqual([1, 1]);
        expect(lines[0]).toMatch(/^account API: /);
        expect(lines[0]).toMatch(message);
      }),
    );
    server.close();
    await (await lockFolder(databaseDir, '.account-api.lock')).release();
  });

  it('refuses a damaged journal and names file and line', async () => {
    const { child } = await start();
    await child.stop(10_000);
    await writeFile(join(databaseDir, 'accounts', 'journal.jsonl'), (await journalText()).replace('50000', '60000'));
    const { code, lines } = await runToEnd(MAIN);
    expect([code, lines]).toEqual([
      1,
      [
        'account API: journal.jsonl, line 2: the checksum does not match the line; restore the file, or repair it by hand',
      ],
    ]);
  });

  it('starts in the workshop’s real world mode, whatever FAULTS says', async () => {
    const { child, address } = await start({ REAL_WORLD_MODE: 'true', FAULTS: 'calm', FAULT_SEED: '7' });
    expect(await (await fetch(`${address}/faults`)).json()).toMatchObject({ preset: 'workshop', seed: 7 });
    expect(await child.stop(10_000)).toEqual({ code: 0, signal: null });
    expect(await readdir(databaseDir)).toEqual(['.account-api.lock', '.account-api.parts.json', 'accounts']);
  });

  it('killed under load several times, loses no acknowledged operation and does none twice', async () => {
    const acknowledged = new Map<string, string>();
    let sent = 0;
    for (let round = 0; round < 3; round += 1) {
      const { child, address } = await start();
      const enough = acknowledged.size + 100;
      let isDead = false;
      const client = async () => {
        while (!isDead) {
          sent += 1;
          const key = `key-${sent}`;
          await withdrawOne(address, key).then(
            async (response) => acknowledged.set(key, await response.text()),
            // The service died before it responded, so the outcome is unknown.
            () => undefined,
          );
        }
      };
      const clients = Array.from({ length: 20 }, client);
      await waitUntil(() => acknowledged.size >= enough, { what: 'the load', timeoutMs: 30_000, everyMs: 1 });
      expect(await child.kill()).toEqual({ code: null, signal: 'SIGKILL' });
      isDead = true;
      await Promise.all(clients);
    }
    const { child, address } = await start();
    const { balancesCents, moves } = auditJournal(await journalText());
    expect([...acknowledged.keys()].filter((key) => moves[key] !== 1)).toEqual([]);
    expect(Object.values(moves).every((count) => count === 1)).toBe(true);
    expect(balancesCents).toEqual({ account_A: 100_000 - Object.keys(moves).length, account_B: 50_000 });
    const [key = '', body] = [...acknowledged][0] ?? [];
    expect(await (await withdrawOne(address, key)).text()).toBe(body);
    const shown = await (await fetch(`${address}/accounts/account_A`)).json();
    expect(shown).toMatchObject({ balance: (balancesCents.account_A ?? 0) / 100 });
    await child.stop(10_000);
  });
});

describe('the program that resets the accounts', () => {
  it('refuses while the API is running, except with --through-api, and keeps the old journal', async () => {
    const { child, address } = await start();
    await withdrawOne(address, 'key-1');
    const old = await journalText();
    const refused = await runToEnd(RESET);
    expect(refused.code).toBe(1);
    expect(refused.lines.join('\n')).toMatch(/used by process \d+: stop that process.*\n.*reset-db -- --through-api/);
    const done = await runToEnd(RESET, { ACCOUNT_API_URL: address }, ['--through-api']);
    expect(done.code).toBe(0);
    const archive = /kept as accounts\/(journal-\d{8}T\d{6}\.\d{3}Z\.jsonl)/.exec(done.lines.join('\n'))?.[1] ?? '';
    expect(await readFile(join(databaseDir, 'accounts', archive), 'utf8')).toBe(old);
    expect(await (await fetch(`${address}/accounts/account_A`)).json()).toMatchObject({ balance: 1000 });
    await child.stop(10_000);
  });

  it('resets the accounts while no API is running, even if the journal is damaged', async () => {
    expect(await runToEnd(RESET)).toEqual({
      code: 0,
      lines: [`the accounts in ${databaseDir} are reset to their opening balances`, 'there was no old journal'],
    });
    await writeFile(join(databaseDir, 'accounts', 'journal.jsonl'), 'damaged\n');
    expect((await runToEnd(RESET)).code).toBe(0);
    expect(auditJournal(await journalText()).balancesCents).toEqual({ account_A: 100_000, account_B: 50_000 });
    expect(await readdir(join(databaseDir, 'accounts'))).toHaveLength(2);
  });

  it('exits with 2 if it is used wrongly, and with 1 if no API responds', async () => {
    expect((await runToEnd(RESET, {}, ['--wild'])).code).toBe(2);
    expect((await runToEnd(RESET, { DATABASE_DIR: join(databaseDir, 'nowhere') })).code).toBe(2);
    const { port, server } = await takenPort();
    server.close();
    const { code, lines } = await runToEnd(RESET, { ACCOUNT_API_URL: `http://127.0.0.1:${port}` }, ['--through-api']);
    expect([code, lines.length]).toEqual([1, 1]);
    expect(lines[0]).toContain('no account API responds');
  });
});
