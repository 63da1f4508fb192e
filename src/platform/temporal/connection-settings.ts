import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { devNull } from 'node:os';
import { createSecureContext } from 'node:tls';
import { loadClientConfigProfile, toClientOptions } from '@temporalio/envconfig';
import { errorMessage } from '../../contracts/errors.ts';
import { readTemporalPorts, SettingsError } from '../config/settings.ts';
import { isLoopback } from './loopback.ts';

/** Each of these names a server, by itself or through a profile. */
const NAMES_SERVER = ['TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE', 'TEMPORAL_CONFIG_FILE'];

const SPELLINGS: Readonly<Record<string, boolean>> = {
  ...{ true: true, yes: true, on: true, 1: true },
  ...{ false: false, no: false, off: false, 0: false },
};

const TLS_FILES = ['CLIENT_CERT', 'CLIENT_KEY', 'SERVER_CA_CERT'].flatMap((name) => [`${name}_PATH`, `${name}_DATA`]);
const TLS_VARIABLES = [
  'TEMPORAL_TLS',
  ...[...TLS_FILES, 'SERVER_NAME', 'DISABLE_HOST_VERIFICATION'].map((name) => `TEMPORAL_TLS_${name}`),
];

type Profile = ReturnType<typeof loadClientConfigProfile>;

export type ConnectionSettings = ReturnType<typeof readConnectionSettings>;

/**
 * Reads the SDK's own settings: `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY`, `TEMPORAL_TLS*`,
 * `TEMPORAL_PROFILE` and `TEMPORAL_CONFIG_FILE`. If they name no server, it is the embedded one at 127.0.0.1:7233, or
 * at `TEMPORAL_PORT`. To that only `TEMPORAL_NAMESPACE` applies: keys, certificates and the default temporal.toml belong to
 * another server.
 * https://docs.temporal.io/develop/environment-configuration
 * @throws SettingsError when a setting is wrong, or would send a key unencrypted over the network
 */
export function readConnectionSettings(env: NodeJS.ProcessEnv = process.env) {
  const variables = readVariables(env);
  const profile = NAMES_SERVER.some((name) => name in variables) ? readProfile(variables) : {};
  const { address } = profile;
  if (address === undefined) {
    const embedded = `127.0.0.1:${readTemporalPorts(variables).temporalPort}`;
    return {
      address: embedded,
      namespace: variables.TEMPORAL_NAMESPACE ?? 'default',
      options: { address: embedded },
    };
  }
  const { namespace = 'default', options } = connectionOptions(profile);
  if (sendsKey(options) && !options.tls && !isLoopback(address)) {
    throw new SettingsError(
      `TEMPORAL_TLS is off, and the API key would be sent unencrypted to ${address}: remove TEMPORAL_TLS=false, or the key`,
    );
  }
  if (options.tls && variables.NODE_TLS_REJECT_UNAUTHORIZED === '0') {
    throw new SettingsError('NODE_TLS_REJECT_UNAUTHORIZED=0: no certificate would be verified: remove it');
  }
  const keyFile = profile.tls?.clientKey;
  return {
    address,
    namespace,
    options: { ...options, address },
    ...(options.tls && keyFile !== undefined && 'path' in keyFile ? { keyFile: keyFile.path } : {}),
  };
}

/**
 * The variables that are not empty, with booleans as the SDK spells them. The SDK takes every other spelling for false,
 * and to it an empty TEMPORAL_API_KEY would mean TLS.
 */
function readVariables(env: NodeJS.ProcessEnv): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) if (value !== undefined && value !== '') variables[name] = value;
  for (const name of ['TEMPORAL_TLS', 'TEMPORAL_TLS_DISABLE_HOST_VERIFICATION']) {
    const value = variables[name];
    if (value === undefined) continue;
    const read = Object.entries(SPELLINGS).find(([spelling]) => spelling === value.trim().toLowerCase())?.[1];
    if (read === undefined) {
      throw new SettingsError(`${name}=${value}: expected true or false (yes, on, 1 and no, off, 0 mean the same)`);
    }
    variables[name] = String(read);
  }
  return variables;
}

/**
 * What applies to a server that is named. The SDK ignores variables that it does not know.
 * @throws SettingsError
 */
function refuseUnusable(variables: Readonly<Record<string, string>>): Record<string, string> {
  for (const name of Object.keys(variables).filter((each) => each.startsWith('TEMPORAL_TLS'))) {
    if (!TLS_VARIABLES.includes(name)) {
      throw new SettingsError(`${name}: there is no such setting; expected one of ${TLS_VARIABLES.join(', ')}`);
    }
  }
  const { TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: disabled, ...rest } = variables;
  if (disabled === 'true') {
    throw new SettingsError(
      'TEMPORAL_TLS_DISABLE_HOST_VERIFICATION=true: the host is always verified; if its certificate has another name, ' +
        'set TEMPORAL_TLS_SERVER_NAME',
    );
  }
  return rest;
}

function readProfile(given: Readonly<Record<string, string>>): Profile {
  const variables = refuseUnusable(given);
  const file = variables.TEMPORAL_CONFIG_FILE;
  // The SDK ignores a missing file and would connect to the default address instead.
  if (file !== undefined && !existsSync(file)) {
    throw new SettingsError(`TEMPORAL_CONFIG_FILE=${file}: there is no such file`);
  }
  // The SDK fails on an empty file.
  return orSettingsError(() => loadClientConfigProfile({ overrideEnvVars: variables, disableFile: file === devNull }));
}

function connectionOptions(profile: Profile) {
  const { clientCert, clientKey } = profile.tls ?? {};
  // The SDK ignores half a pair.
  for (const [present, missing, name] of [
    [clientCert, clientKey, 'TEMPORAL_TLS_CLIENT_KEY'],
    [clientKey, clientCert, 'TEMPORAL_TLS_CLIENT_CERT'],
  ] as const) {
    if (present !== undefined && missing === undefined) {
      throw new SettingsError(`${name}_PATH is not set: a client certificate needs both a certificate and its key`);
    }
  }
  return orSettingsError(() => {
    const { connectionOptions: read, namespace } = toClientOptions(profile);
    const { apiKey, tls, metadata } = read;
    if (typeof tls === 'object' && tls !== null) checkPem(pemOf(tls));
    return {
      namespace,
      options: { ...(apiKey && { apiKey }), ...(tls !== undefined && { tls }), ...(metadata && { metadata }) },
    };
  });
}

type Options = ReturnType<typeof connectionOptions>['options'];

/** The certificates and the key of a client, as Node's TLS reads them. */
export function pemOf(tls: Exclude<NonNullable<Options['tls']>, boolean>) {
  const { serverRootCACertificate, clientCertPair } = tls;
  return {
    ...(serverRootCACertificate && { ca: Buffer.from(serverRootCACertificate) }),
    ...(clientCertPair && { cert: Buffer.from(clientCertPair.crt), key: Buffer.from(clientCertPair.key) }),
  };
}

/** @throws when one of them cannot be read, or when the key does not belong to the certificate */
function checkPem({ ca, ...pair }: ReturnType<typeof pemOf>): void {
  // A secure context ignores authorities that it cannot read.
  if (ca !== undefined) new X509Certificate(ca);
  createSecureContext(pair);
}

/** `TEMPORAL_GRPC_META_AUTHORIZATION` carries a key as well. */
function sendsKey({ apiKey, metadata = {} }: Options): boolean {
  return apiKey !== undefined || 'authorization' in metadata;
}

function orSettingsError<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new SettingsError(`The TEMPORAL_* settings cannot be used: ${errorMessage(error)}`, { cause: error });
  }
}
