import { NativeConnection } from '@temporalio/worker';
import { type ConnectOptions, connectWithin, readConnectionSettings } from './connection-settings.ts';

/**
 * Connects a worker as the environment says, waiting for a server that is still starting. Whoever asked closes the
 * connection. Apart from the client's, for it loads the SDK's native part.
 * @throws NotConnectedError
 */
export async function connectWorker({ env, timeoutMs }: ConnectOptions = {}) {
  const settings = readConnectionSettings(env);
  const { address, namespace, options } = settings;
  const connection = await connectWithin(settings, () => NativeConnection.connect(options), timeoutMs);
  return { connection, address, namespace };
}
