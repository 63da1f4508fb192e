// Prepares the environment of a program: import it before anything that reads settings or connects.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const LOOPBACK = 'localhost,127.0.0.1';

/**
 * Keeps connections to this machine away from the user's proxy, those of child processes as well. gRPC reads
 * `no_grpc_proxy`; most other programs read `no_proxy` or `NO_PROXY`.
 */
export function bypassProxyForLoopback(env = process.env) {
  const general = env.no_proxy ?? env.NO_PROXY;
  env.no_grpc_proxy = withLoopback(env.no_grpc_proxy ?? general);
  // A single asterisk means every host, but only if it stands alone.
  if (general !== '*') env.no_proxy = env.NO_PROXY = withLoopback(general);
}

/** Reads `.env`, unless `ENV_FILE=none` says that the environment is complete. Does not override variables that are set. */
export function loadEnvFile() {
  const file = fileURLToPath(new URL('../.env', import.meta.url));
  if (process.env.ENV_FILE === 'none' || !existsSync(file)) return;
  try {
    process.loadEnvFile(file);
  } catch (error) {
    console.error(`${file} cannot be read: ${error.message}`);
    process.exit(1);
  }
}

function withLoopback(hosts) {
  return hosts ? `${hosts},${LOOPBACK}` : LOOPBACK;
}
