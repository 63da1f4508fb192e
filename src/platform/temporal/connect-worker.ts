import { NativeConnection } from '@temporalio/worker';
import { type ConnectOptions, connectWithin, readConnectionSettings } from './connect.ts';

/**
 * Connects a worker to the Temporal server that the environment names, and waits for a server that is still starting. The
 * caller closes the connection. In a file of its own, because it loads the SDK's native library.
 * @throws NotConnectedError
 */
export async function connectWorker({ env, timeoutMs }: ConnectOptions = {}) {
  const settings = readConnectionSettings(env);
  const { address, namespace, options } = settings;
  const connection = await connectWithin(settings, () => NativeConnection.connect(options), timeoutMs);
  return { connection, address, namespace };
}
