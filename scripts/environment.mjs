// Prepares the environment of a program: import it before anything that reads settings or connects.
import { accessSync, constants, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
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

const USUAL_TEMPORARY_FOLDER = '/tmp';

/** Uses /tmp where the user's folder for temporary files is missing or cannot be written, in child processes as well. */
export function ensureTemporaryFolder(env = process.env) {
  const folder = tmpdir();
  if (isWritable(folder) || !isWritable(USUAL_TEMPORARY_FOLDER)) return;
  console.error(
    `TMPDIR=${folder} is not a folder that can be written: temporary files go to ${USUAL_TEMPORARY_FOLDER}`,
  );
  env.TMPDIR = USUAL_TEMPORARY_FOLDER;
}

function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
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
