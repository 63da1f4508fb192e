import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Connection } from '@temporalio/client';
import { untilStopped } from '../../../testbed/until-stopped.ts';
import { freePort } from '../processes/free-port.ts';
import { waitUntil } from '../processes/wait-until.ts';
import { connectClient, NotConnectedError } from './connect.ts';
import { connectWorker } from './connect-worker.ts';
import { readConnectionSettings } from './connection-settings.ts';
import { startDevServer } from './dev-server.ts';
import { findTemporalCli } from './find-cli.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'connect-'));
});
afterEach(() => void jest.restoreAllMocks());
afterAll(() => rm(folder, { recursive: true, force: true }));

/** An environment without the user's own configuration file. */
function environment(settings: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { HOME: folder, XDG_CONFIG_HOME: folder, ...settings };
}

describe('readConnectionSettings', () => {
  test('uses the embedded server by default', () => {
    expect(readConnectionSettings(environment())).toEqual({
      address: '127.0.0.1:7233',
      namespace: 'default',
      options: { address: '127.0.0.1:7233' },
    });
  });

  test('uses the embedded server on its own port', () => {
    expect(readConnectionSettings(environment({ TEMPORAL_PORT: '7333' })).address).toBe('127.0.0.1:7333');
    expect(() => readConnectionSettings(environment({ TEMPORAL_PORT: 'x' }))).toThrow(
      'TEMPORAL_PORT=x: expected a port',
    );
  });

  test('ignores an empty TEMPORAL_API_KEY, which would enable TLS', () => {
    const { options } = readConnectionSettings(environment({ TEMPORAL_API_KEY: '', TEMPORAL_ADDRESS: 'a:1' }));
    expect(options).toEqual({ address: 'a:1' });
  });

  test('reads namespace, key and TLS from the environment and from a profile of the configuration file', async () => {
    const file = join(folder, 'temporal.toml');
    await writeFile(file, '[profile.cloud]\naddress = "cloud:7233"\nnamespace = "of-the-file"\napi_key = "secret"\n');
    const settings = readConnectionSettings(
      environment({ TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: 'cloud', TEMPORAL_NAMESPACE: 'of-the-environment' }),
    );
    expect(settings).toMatchObject({
      address: 'cloud:7233',
      namespace: 'of-the-environment',
      options: { apiKey: 'secret', tls: true },
    });
  });

  test('refuses a TEMPORAL_CONFIG_FILE that does not exist', () => {
    const read = () => readConnectionSettings(environment({ TEMPORAL_CONFIG_FILE: '/no/such.toml' }));
    expect(read).toThrow('TEMPORAL_CONFIG_FILE=/no/such.toml: there is no such file');
  });
});

test('a client and a worker wait for a server that is still starting', async () => {
  const port = await freePort();
  const env = environment({ TEMPORAL_ADDRESS: `127.0.0.1:${port}` });
  const options = { env, timeoutMs: 30_000, warn: () => undefined };
  const connecting = [connectClient(options), connectWorker(options)];
  const server = await startDevServer({ cliPath: await findTemporalCli(), port, uiPort: 'none' });
  for (const { connection, address } of await Promise.all(connecting)) {
    expect(address).toBe(server.address);
    await expect(connection.workflowService.getSystemInfo({})).resolves.toHaveProperty('serverVersion');
    await connection.close();
  }
  await server.stop();
});

test('a connection that a server accepts after the wait is over is closed', async () => {
  const server = await startDevServer({ cliPath: await findTemporalCli(), uiPort: 'none' });
  const accepting: Promise<Connection>[] = [];
  const closed = new Set<Connection>();
  const connect = Connection.connect.bind(Connection);
  jest.spyOn(Connection, 'connect').mockImplementation((options) => {
    const accepted = connect({ ...options, connectTimeout: 30_000 }).then((connection) => {
      const close = connection.close.bind(connection);
      jest.spyOn(connection, 'close').mockImplementation(() => close().finally(() => closed.add(connection)));
      return connection;
    });
    accepting.push(accepted);
    return accepted;
  });
  try {
    process.kill(server.pid, 'SIGSTOP');
    await untilStopped(server.pid);
    const waiting = connectClient({ env: environment({ TEMPORAL_ADDRESS: server.address }), timeoutMs: 300 });
    await expect(waiting).rejects.toThrow(NotConnectedError);
    process.kill(server.pid, 'SIGCONT');
    for (const accepted of accepting) {
      const late = await accepted;
      await waitUntil(() => closed.has(late), { what: 'the end of the late connection', timeoutMs: 30_000 });
      await expect(late.workflowService.getSystemInfo({})).rejects.toThrow('shut down');
    }
  } finally {
    await server.kill();
    for (const accepted of accepting) await accepted.then((connection) => connection.close()).catch(() => undefined);
  }
});

test('a client and a worker say at once where nothing listens, for how long they wait and what to do', async () => {
  const saysAtOnce = async (connect: typeof connectClient | typeof connectWorker) => {
    const address = `127.0.0.1:${await freePort()}`;
    const warnings: string[] = [];
    let waited = false;
    const connecting = connect({
      env: environment({ TEMPORAL_ADDRESS: address }),
      timeoutMs: 5_000,
      warn: (warning) => void (waited || warnings.push(warning)),
    }).catch(() => {
      waited = true;
    });
    await waitUntil(() => warnings.length > 0 || waited, { what: 'the warning', timeoutMs: 30_000, everyMs: 5 });
    expect(waited).toBe(false);
    expect(warnings[0]).toContain(`waiting 5 s for a Temporal server at ${address}, where nothing listens`);
    expect(warnings[0]).toMatch(/npm start or npm run temporal.*TEMPORAL_ADDRESS/);
    await connecting;
    expect(warnings).toHaveLength(1);
  };
  await Promise.all([saysAtOnce(connectClient), saysAtOnce(connectWorker)]);
});

describe.each([
  ['connectClient', connectClient],
  ['connectWorker', connectWorker],
])('%s', (_, connect) => {
  test('gives the address and says what to do when there is no server', async () => {
    const port = await freePort();
    const connecting = connect({
      env: environment({ TEMPORAL_ADDRESS: `127.0.0.1:${port}` }),
      timeoutMs: 300,
      warn: () => undefined,
    });

    await expect(connecting).rejects.toThrow(NotConnectedError);
    await expect(connecting).rejects.toThrow(`No connection to the Temporal server at 127.0.0.1:${port}`);
    await expect(connecting).rejects.toThrow(
      /waited 0.3 s[\s\S]*npm start[\s\S]*npm run temporal[\s\S]*TEMPORAL_ADDRESS=/,
    );
  });
});
