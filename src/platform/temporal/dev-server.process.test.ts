import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from '@temporalio/worker';
import { installRuntime } from '../../../testbed/install-runtime.ts';
import { isAlive } from '../../../testbed/is-alive.ts';
import { type DevServer, PortTakenError, startDevServer } from './dev-server.ts';
import { findTemporalCli } from './find-cli.ts';
import { ensureSearchAttributes, OUR_SEARCH_ATTRIBUTES } from './search-attributes.ts';

let cliPath: string;
let server: DevServer;
let connection: Connection;

/** A command that panics at its first start, printing more lines than are shown, and later runs `next`. */
async function panicsFirst(folder: string, reason: string, next: string): Promise<string> {
  const command = join(folder, 'temporal');
  const panic = `echo 'panic: ${reason}' >&2; seq -f 'frame %g' 30 >&2; exit 2`;
  await writeFile(command, `#!/bin/sh\nif mkdir '${folder}/started' 2>/dev/null; then ${panic}; fi\n${next}\n`, {
    mode: 0o755,
  });
  return command;
}

beforeAll(async () => {
  await installRuntime({ logger: new DefaultLogger('ERROR') });
  cliPath = await findTemporalCli();
  server = await startDevServer({ cliPath, uiPort: 'none' });
  connection = await Connection.connect({ address: server.address });
});

afterAll(async () => {
  await connection.close();
  await server.stop();
});

describe('startDevServer', () => {
  test('fires a timer of 100 ms promptly', async () => {
    const workflowBundle = await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('workflows.fixture.ts', import.meta.url)),
      logger: new DefaultLogger('ERROR'),
    });
    const native = await NativeConnection.connect({ address: server.address });
    const worker = await Worker.create({ connection: native, taskQueue: 'timers', workflowBundle });
    const workflow = { taskQueue: 'timers', workflowId: 'timers', args: [10, 100] };
    const handle = await new Client({ connection }).workflow.start('timers', workflow);
    await worker.runUntil(handle.result());
    await native.close();

    // By the server's clock, so that a busy worker takes none of the time.
    const { events } = await handle.fetchHistory();
    const timesOf = (kind: 'timerStartedEventAttributes' | 'timerFiredEventAttributes') =>
      (events ?? []).flatMap(({ eventTime, [kind]: timer }) =>
        timer ? [Number(eventTime?.seconds) * 1_000 + Number(eventTime?.nanos) / 1e6] : [],
      );
    const startedAtMs = timesOf('timerStartedEventAttributes');
    const tookMs = timesOf('timerFiredEventAttributes').map((atMs, index) => atMs - (startedAtMs[index] ?? 0));
    expect(tookMs).toHaveLength(10);
    expect(tookMs.toSorted((one, other) => one - other)[5]).toBeLessThan(500);
  });

  test('says which port is already in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = (typeof address === 'object' ? address?.port : undefined) ?? 0;

    for (const ports of [{ port, uiPort: 'none' as const }, { uiPort: port }]) {
      const starting = startDevServer({ cliPath, ...ports });
      await expect(starting).rejects.toThrow(PortTakenError);
      await expect(starting).rejects.toThrow(`127.0.0.1:${port} is already in use`);
    }
    other.close();
  });

  test('does not mistake another server for its own', async () => {
    const port = Number(server.address.split(':')[1]);
    await expect(startDevServer({ cliPath, port, uiPort: 'none' })).rejects.toThrow(PortTakenError);
  });

  test('starts again when another program has taken one of the ports it chose itself', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dev-server-'));
    const reason = 'listen tcp 127.0.0.1:40123: bind: address already in use';
    const losesPortOnce = await panicsFirst(folder, reason, `exec '${cliPath}' "$@"`);
    const started = await startDevServer({ cliPath: losesPortOnce, uiPort: 'none' });
    await started.stop();
    await rm(folder, { recursive: true });
  });

  test('shows why a server panicked instead of the end of its stack trace', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dev-server-'));
    const panics = await panicsFirst(folder, 'no such shard', 'exit 2');
    await expect(startDevServer({ cliPath: panics, uiPort: 'none' })).rejects.toThrow(
      /ended with exit code 2 before it was ready; it panicked:\n {2}panic: no such shard/,
    );
    await rm(folder, { recursive: true });
  });

  test('shows the last lines of a server that cannot start', async () => {
    const starting = startDevServer({ cliPath, uiPort: 'none', databaseFile: '/no/such/folder/file.db' });
    await expect(starting).rejects.toThrow(
      /ended with exit code 1 before it was ready; its last lines:\n.*no such file/,
    );
  });

  test('keeps its state in a file with a write-ahead log, and shuts down cleanly', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dev-server-'));
    const databaseFile = join(folder, 'state.db');
    const other = await startDevServer({ cliPath, uiPort: 'none', namespace: 'other', databaseFile });
    const aliveBefore = isAlive(other.pid);
    const files = await readdir(folder);

    expect(await other.stop()).toEqual({ code: 0, signal: null });
    expect([aliveBefore, isAlive(other.pid)]).toEqual([true, false]);
    expect(files).toEqual(expect.arrayContaining(['state.db', 'state.db-wal']));
    await rm(folder, { recursive: true });
  });
});

describe('ensureSearchAttributes', () => {
  test('adds missing ones, and then finds them', async () => {
    const names = OUR_SEARCH_ATTRIBUTES.map(({ name }) => name);
    expect(await ensureSearchAttributes(connection, 'default')).toEqual({ outcome: 'added', names });
    expect(await ensureSearchAttributes(connection, 'default')).toEqual({ outcome: 'present' });
  });

  test('reports one that exists with another type, and does not add it', async () => {
    await ensureSearchAttributes(connection, 'default');
    const wanted = [{ name: 'OrderPhase', type: 'INT' } as const];
    expect(await ensureSearchAttributes(connection, 'default', wanted)).toMatchObject({
      outcome: 'missing',
      reason: 'OrderPhase in the namespace default does not have the type Int',
      commands: ['temporal operator search-attribute create --namespace default --name OrderPhase --type Int'],
    });
  });

  test('returns the commands when it may not read the search attributes', async () => {
    const refusing = {
      operatorService: { listSearchAttributes: () => Promise.reject(new Error('Request unauthorized.')) },
    } as unknown as Connection;
    const outcome = await ensureSearchAttributes(refusing, 'production');
    expect(outcome).toMatchObject({ outcome: 'missing', reason: 'Request unauthorized.' });
    expect(outcome).toHaveProperty('commands.length', OUR_SEARCH_ATTRIBUTES.length);
  });
});
