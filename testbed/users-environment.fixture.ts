import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';

const KEY = 'a-secret-key';

/** Settings of a user of Temporal Cloud, and those of ours that he has left somewhere. */
export const USERS_SETTINGS = {
  TEMPORAL_API_KEY: KEY,
  TEMPORAL_TLS: 'true',
  TEMPORAL_TLS_SERVER_NAME: 'cloud.example',
  TEMPORAL_NAMESPACE: 'mine',
  TEMPORAL_GRPC_META_AUTHORIZATION: `Bearer ${KEY}`,
  LOG_LEVEL: 'silent',
} as const;

const PROXIES = ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY', 'grpc_proxy'];

/**
 * An environment in which nothing on this machine can be reached if it is obeyed: a proxy that refuses every connection
 * and counts them, and a configuration of Temporal with profiles for another server.
 */
export async function createUsersEnvironment() {
  const folder = await mkdtemp(path.join(tmpdir(), 'users-environment-'));
  let throughProxy = 0;
  const proxy = createServer((request) => {
    throughProxy += 1;
    request.destroy();
  });
  proxy.on('connect', (_, socket) => {
    throughProxy += 1;
    socket.destroy();
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  const proxyUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;

  await mkdir(path.join(folder, 'temporalio'));
  const profiles = ['default', 'cloud'].map(
    (name) => `[profile.${name}]\naddress = "cloud.example:7233"\nnamespace = "mine"\napi_key = "${KEY}"\n`,
  );
  await writeFile(path.join(folder, 'temporalio', 'temporal.toml'), profiles.join(''));

  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    ...Object.fromEntries(PROXIES.map((name) => [name, proxyUrl])),
    no_proxy: 'elsewhere.example',
    // Then Node 24 sends its own requests, too, through the proxy.
    NODE_USE_ENV_PROXY: '1',
    XDG_CONFIG_HOME: folder,
    TEMPORAL_PROFILE: 'cloud',
  };
  return {
    env,
    throughProxy: () => throughProxy,
    async close() {
      proxy.closeAllConnections();
      proxy.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
