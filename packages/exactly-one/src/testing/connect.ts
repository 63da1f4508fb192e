import { connect } from 'node:net';
import { Connection } from '@temporalio/client';

/** Through these, a server may respond that refuses this machine. */
const PROXIES = ['grpc_proxy', 'https_proxy', 'http_proxy'];
const REFUSAL_WITHIN_MS = 1_000;

/**
 * Connects to the Temporal server.
 * @param withinMs how long it may take, in milliseconds; a port that refuses is noticed at once
 * @throws when no server responds, with how to start one
 */
export async function connectTo(address: string, withinMs = 10_000): Promise<Connection> {
  const isLocal = /^(127\.|localhost\b|\[?::1\b)/.test(address);
  try {
    // The client would try again for all of its time.
    if (isLocal || PROXIES.every((name) => !process.env[name])) await mustNotBeRefused(address);
    return await Connection.connect({
      ...{ address, connectTimeout: withinMs },
      // gRPC sends even what stays on this machine through a proxy by default.
      ...(isLocal ? { channelArgs: { 'grpc.enable_http_proxy': 0 } } : {}),
    });
  } catch (error) {
    throw new Error(
      `expectExactlyOne: no Temporal server responds at ${address}; start one (temporal server start-dev), or name another as address or TEMPORAL_ADDRESS`,
      { cause: error },
    );
  }
}

/** Rejects if nothing listens there. Everything else is for the client to find out. */
function mustNotBeRefused(address: string): Promise<void> {
  const [, host = '', port = '7233'] = /^(.*?)(?::(\d+))?$/.exec(address.replace(/^\[(.*)\]/, '$1')) ?? [];
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port), timeout: REFUSAL_WITHIN_MS });
    const end = () => {
      socket.destroy();
      resolve();
    };
    socket.once('connect', end);
    socket.once('timeout', end);
    socket.once('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNREFUSED' ? reject(error) : end()));
  });
}
