import { Connection } from '@temporalio/client';

/**
 * Connects to the Temporal server.
 * @param withinMs how long it may take, in milliseconds
 * @throws when no server responds, with how to start one
 */
export async function connectTo(address: string, withinMs = 10_000): Promise<Connection> {
  try {
    return await Connection.connect({ address, connectTimeout: withinMs, channelArgs: directly(address) });
  } catch (error) {
    throw new Error(
      `expectExactlyOne: no Temporal server responds at ${address}; start one (temporal server start-dev), or name another as address or TEMPORAL_ADDRESS`,
      { cause: error },
    );
  }
}

/** gRPC sends even what stays on this machine through a proxy by default. */
function directly(address: string): Readonly<Record<string, number>> {
  return /^(127\.|localhost\b|\[?::1\b)/.test(address) ? { 'grpc.enable_http_proxy': 0 } : {};
}
