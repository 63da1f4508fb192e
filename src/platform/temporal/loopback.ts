import { isIPv4 } from 'node:net';

const DEFAULT_PORT = 7233;

/** Whether an address, `host:port`, belongs to this machine. */
export function isLoopback(address: string): boolean {
  const host = hostOf(address);
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/** The host in `host:port`, an IPv6 address without its brackets; empty if there is none. */
function hostOf(address: string): string {
  const url = `http://${address}`;
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[(.*)\]$/, '$1') : '';
}

/** The host and the port in `host:port`; the port is 7233 if there is none. */
export function serverOf(address: string): { readonly host: string; readonly port: number } {
  return { host: hostOf(address), port: Number(/:(\d+)$/.exec(address)?.[1] ?? DEFAULT_PORT) };
}

/** gRPC's options for a client. By default it sends loopback connections, too, through the user's `https_proxy`. */
export function channelArgs(address: string): Readonly<Record<string, number>> {
  return isLoopback(address) ? { 'grpc.enable_http_proxy': 0 } : {};
}
