import { devNull } from 'node:os';
import { MINIMAL_ENVIRONMENT } from '../processes/minimal-environment.ts';

/** What the SDK and its connections read: its own settings, where its configuration is, proxies and certificates. */
const READ_BY_CONNECTIONS =
  /^(TEMPORAL_\w+|XDG_CONFIG_HOME|\w+_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR)$/i;

interface OwnServer {
  /** `127.0.0.1:7233` */
  readonly address: string;
  /** Default `default`. */
  readonly namespace?: string | undefined;
}

/**
 * The settings for a server that was started here. The user's settings and his temporal.toml describe another server, so
 * none of them apply; an empty file as the configuration keeps the SDK from reading his.
 */
export function ownServerSettings({ address, namespace = 'default' }: OwnServer) {
  return { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace, TEMPORAL_CONFIG_FILE: devNull } as const;
}

/** The environment of a process that uses the server that the user has named, and none of his other settings. */
export function userServerEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const read = Object.entries(env).filter(([name]) => READ_BY_CONNECTIONS.test(name));
  return { ...Object.fromEntries(read), ...MINIMAL_ENVIRONMENT };
}

/** An environment without the SDK's settings. */
export function withoutTemporalSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}
