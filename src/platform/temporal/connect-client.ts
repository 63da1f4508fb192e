import { Client, Connection } from '@temporalio/client';
import { type ConnectOptions, connectWithin, readConnectionSettings } from './connection-settings.ts';

/**
 * Connects a client as the environment says, waiting for a server that is still starting. Whoever asked closes the
 * connection.
 * @throws NotConnectedError
 */
export async function connectClient({ env, timeoutMs }: ConnectOptions = {}) {
  const settings = readConnectionSettings(env);
  const { address, namespace, options } = settings;
  const connection = await connectWithin(
    settings,
    () => Connection.connect({ ...options, connectTimeout: 2_000 }),
    timeoutMs,
  );
  return { connection, client: new Client({ connection, namespace }), address, namespace };
}
