import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connectClient, connectWithin, NotConnectedError } from './connect.ts';
import { connectWorker } from './connect-worker.ts';
import { tlsProblem } from './connection-problem.ts';
import { readConnectionSettings } from './connection-settings.ts';
import { type DevServer, startDevServer } from './dev-server.ts';
import { findTemporalCli } from './find-cli.ts';
import { createIssuer, startTlsServer } from './tls-server.fixture.ts';

const HERE = 'IP:127.0.0.1,DNS:localhost';

let folder: string;
let issuer: Awaited<ReturnType<typeof createIssuer>>;
let server: DevServer;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tls-'));
  issuer = await createIssuer(folder);
  server = await startDevServer({ cliPath: await findTemporalCli(), uiPort: 'none' });
});
afterAll(async () => {
  for (const close of closing) await close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The address of a TLS server with this certificate in front of the Temporal server. */
async function tlsServer(...[certificate, options]: [Certificate, Parameters<typeof startTlsServer>[2]?]) {
  const started = await startTlsServer(certificate, server.address, options);
  closing.push(started.close);
  return started.address;
}

type Certificate = Awaited<ReturnType<typeof issuer.issue>>;

/** An environment that trusts the issuer, without the user's own configuration file. */
function environment(settings: NodeJS.ProcessEnv) {
  return { HOME: folder, TEMPORAL_TLS_SERVER_CA_CERT_PATH: issuer.certificate, ...settings };
}

describe.each([
  ['a client', connectClient],
  ['a worker', connectWorker],
])('%s', (_, connect) => {
  async function connects(env: NodeJS.ProcessEnv) {
    const warnings: string[] = [];
    const { connection } = await connect({ env, warn: (warning) => warnings.push(warning) });
    await connection.close();
    return warnings;
  }

  async function failure(env: NodeJS.ProcessEnv): Promise<string> {
    const startedAt = performance.now();
    const error = await connect({ env, timeoutMs: 30_000 }).then(unexpected, (reason: unknown) => reason);
    expect(error).toBeInstanceOf(NotConnectedError);
    // It does not wait for a server whose certificate is wrong.
    expect(performance.now() - startedAt).toBeLessThan(25_000);
    return (error as NotConnectedError).message;
  }

  test('connects by TLS, also with a client certificate, and warns of a key that others can read', async () => {
    const here = await issuer.issue('here', HERE);
    const client = await issuer.issue('client', 'DNS:client');
    await chmod(client.key, 0o600);
    const TEMPORAL_ADDRESS = await tlsServer(here, { requestCert: true, ca: readFileSync(issuer.certificate) });
    const env = environment({
      TEMPORAL_ADDRESS,
      TEMPORAL_TLS: 'yes',
      TEMPORAL_TLS_CLIENT_CERT_PATH: client.certificate,
      TEMPORAL_TLS_CLIENT_KEY_PATH: client.key,
    });
    expect(await connects(env)).toEqual([]);

    await chmod(client.key, 0o644);
    expect(await connects(env)).toEqual([
      `the private key in ${client.key} can be read by other users: chmod 600 ${client.key}`,
    ]);
    expect(await failure(environment({ TEMPORAL_ADDRESS }))).toContain('The server refuses the client certificate');
  });

  test('says that the issuer of a certificate is unknown', async () => {
    const TEMPORAL_ADDRESS = await tlsServer(await issuer.issue('here', HERE));
    const env = environment({ TEMPORAL_ADDRESS, TEMPORAL_TLS: 'true', TEMPORAL_TLS_SERVER_CA_CERT_PATH: '' });
    expect(await failure(env)).toContain('The issuer of its certificate is unknown here');
  });

  test('says that a certificate has expired', async () => {
    const TEMPORAL_ADDRESS = await tlsServer(await issuer.issue('expired', HERE, -1));
    expect(await failure(environment({ TEMPORAL_ADDRESS }))).toContain('Its certificate has expired');
  });

  test('says that a certificate is for another host, and accepts the name that the user gives', async () => {
    const TEMPORAL_ADDRESS = await tlsServer(await issuer.issue('other', 'DNS:other.example'));
    expect(await failure(environment({ TEMPORAL_ADDRESS }))).toContain('Its certificate is for another host name');
    await connects(environment({ TEMPORAL_ADDRESS, TEMPORAL_TLS_SERVER_NAME: 'other.example' }));
  });

  test('says that a server expects TLS, and that another one does not speak it', async () => {
    const secure = await tlsServer(await issuer.issue('here', HERE));
    expect(await failure({ HOME: folder, TEMPORAL_ADDRESS: secure })).toContain('The server expects TLS');
    const TEMPORAL_ADDRESS = server.address.replace('127.0.0.1', 'localhost');
    expect(await failure(environment({ TEMPORAL_ADDRESS }))).toContain('The server does not speak TLS');
    // Of an IP address too. gRPC's client takes it for the name of the server, of which Node warns.
    const byAddress = await tlsProblem(readConnectionSettings(environment({ TEMPORAL_ADDRESS: server.address })));
    expect(byAddress?.message).toContain('The server does not speak TLS');
  });
});

describe('while the server behind a balancer is still starting', () => {
  /** A balancer without a server. */
  async function balancer(drop: (client: Socket) => void) {
    const listening = createServer(drop).listen(0, '127.0.0.1');
    await once(listening, 'listening');
    closing.push(async () => listening.close());
    return `localhost:${(listening.address() as AddressInfo).port}`;
  }

  // They mostly wait, while the other tests work.
  test.concurrent.each<[string, (client: Socket) => void]>([
    ['ends each connection', (client) => void client.end()],
    ['resets each connection', (client) => void client.once('data', () => client.resetAndDestroy())],
  ])('a client waits, and says why if it waits in vain: the balancer %s', async (_, drop) => {
    const settings = readConnectionSettings(
      environment({ TEMPORAL_ADDRESS: await balancer(drop), TEMPORAL_TLS: 'true' }),
    );
    let attempts = 0;
    const attempt = async () => {
      attempts += 1;
      if (attempts < 3) throw new Error('not connected');
      return { close: async () => undefined };
    };
    await connectWithin(settings, { timeoutMs: 60_000 }, attempt);
    expect(attempts).toBe(3);

    const inVain = connectWithin(settings, { timeoutMs: 5_000 }, async () =>
      Promise.reject(new Error('not connected')),
    );
    await expect(inVain).rejects.toThrow('closes the connection during the TLS handshake: it is still starting, or');
  });
});

function unexpected(): never {
  throw new Error('expected a failure');
}
