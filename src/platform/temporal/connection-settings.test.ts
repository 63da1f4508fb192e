import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SettingsError } from '../config/settings.ts';
import { readConnectionSettings } from './connection-settings.ts';

const CLOUD = 'cloud.example:7233';
const KEY = 'a-secret-key';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'connection-settings-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Reads settings without the user's own configuration file. */
function read(settings: NodeJS.ProcessEnv) {
  return readConnectionSettings({ HOME: folder, ...settings });
}

function errorOf(settings: NodeJS.ProcessEnv): string {
  try {
    read(settings);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  return 'no error';
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe('TEMPORAL_TLS', () => {
  test.each(['true', 'TRUE', 'True', '1', 'yes', 'on', ' on '])('turns TLS on as %j', (value) => {
    expect(read({ TEMPORAL_ADDRESS: CLOUD, TEMPORAL_TLS: value }).options.tls).toBeTruthy();
  });

  test.each(['false', 'FALSE', '0', 'no', 'off'])('turns TLS off as %j', (value) => {
    expect(read({ TEMPORAL_ADDRESS: CLOUD, TEMPORAL_TLS: value }).options.tls).toBe(false);
  });

  test.each(['maybe', 'enabled', '2', 'ja', 'true;', 'toString'])('is refused as %j', (value) => {
    for (const address of ['', CLOUD, '127.0.0.1:7233']) {
      const message = errorOf({ TEMPORAL_ADDRESS: address, TEMPORAL_TLS: value });
      expect(message).toContain(`TEMPORAL_TLS=${value}: expected true or false`);
    }
  });
});

test('settings of TLS for another server do not matter where none is named', () => {
  for (const setting of [
    { TEMPORAL_TLS_CERT: '/cert.pem' },
    { TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: 'true' },
    { TEMPORAL_TLS_CLIENT_CERT_PATH: '/no/such/file' },
  ]) {
    expect(read(setting)).toMatchObject({ address: '127.0.0.1:7233', options: { address: '127.0.0.1:7233' } });
  }
  expect(errorOf({ TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: 'maybe' })).toContain('expected true or false');
});

describe('settings of TLS are refused', () => {
  test('if the SDK does not know them, and would speak plaintext', () => {
    expect(errorOf({ TEMPORAL_ADDRESS: CLOUD, TEMPORAL_TLS_CERT: '/cert.pem' })).toMatch(
      /^TEMPORAL_TLS_CERT: there is no such setting; expected one of TEMPORAL_TLS, .*TEMPORAL_TLS_CLIENT_CERT_PATH/,
    );
  });

  test('if the host would not be verified', () => {
    const message = errorOf({ TEMPORAL_ADDRESS: CLOUD, TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: 'Yes' });
    expect(message).toContain('TEMPORAL_TLS_SERVER_NAME');
    expect(errorOf({ TEMPORAL_ADDRESS: CLOUD, TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: 'no' })).toBe('no error');
  });

  test('if Node would accept any certificate', () => {
    const settings = { TEMPORAL_ADDRESS: CLOUD, NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    expect(errorOf({ ...settings, TEMPORAL_TLS: 'true' })).toContain('no certificate would be verified');
    expect(errorOf(settings)).toBe('no error');
  });

  test.each([
    ['TEMPORAL_TLS_CLIENT_CERT_PATH', 'TEMPORAL_TLS_CLIENT_KEY_PATH'],
    ['TEMPORAL_TLS_CLIENT_CERT_DATA', 'TEMPORAL_TLS_CLIENT_KEY_PATH'],
    ['TEMPORAL_TLS_CLIENT_KEY_PATH', 'TEMPORAL_TLS_CLIENT_CERT_PATH'],
  ])('if %s has no other half', (present, missing) => {
    expect(errorOf({ TEMPORAL_ADDRESS: CLOUD, [present]: '/some.pem' })).toContain(`${missing} is not set`);
  });

  test('if half a pair is in the configuration file', async () => {
    const toml = await file(
      'half.toml',
      `[profile.default]\naddress = "${CLOUD}"\ntls.client_cert_path = "/cert.pem"\n`,
    );
    expect(errorOf({ TEMPORAL_CONFIG_FILE: toml })).toContain('TEMPORAL_TLS_CLIENT_KEY_PATH is not set');
  });

  test('if a file is missing, or is not a certificate', async () => {
    const nonsense = await file('nonsense.pem', 'nonsense');
    for (const path of ['/no/such.pem', nonsense]) {
      expect(errorOf({ TEMPORAL_ADDRESS: CLOUD, TEMPORAL_TLS_SERVER_CA_CERT_PATH: path })).toContain('cannot be used');
    }
  });
});

describe('a key without TLS', () => {
  test.each([
    ['TEMPORAL_API_KEY', KEY],
    ['TEMPORAL_GRPC_META_AUTHORIZATION', `Bearer ${KEY}`],
  ])('in %s goes to this machine only', (name, value) => {
    for (const address of [
      CLOUD,
      'localhost.example:7233',
      '10.0.0.1:7233',
      '127.0.0.1.example:7233',
      '127.0.0.1@a:1',
    ]) {
      const message = errorOf({ TEMPORAL_ADDRESS: address, TEMPORAL_TLS: 'false', [name]: value });
      expect(message).toContain(`unencrypted to ${address}`);
      expect(message).not.toContain(KEY);
    }
    for (const address of ['127.0.0.1:7233', 'localhost:7233', '[::1]:7233', '127.1.2.3:7233']) {
      expect(errorOf({ TEMPORAL_ADDRESS: address, TEMPORAL_TLS: 'false', [name]: value })).toBe('no error');
    }
  });

  test('is refused in a profile as well', async () => {
    const profile = `[profile.default]\naddress = "${CLOUD}"\napi_key = "${KEY}"\ntls.disabled = true\n`;
    expect(errorOf({ TEMPORAL_CONFIG_FILE: await file('open.toml', profile) })).toContain('unencrypted');
  });

  test('turns TLS on unless it is turned off', () => {
    expect(read({ TEMPORAL_ADDRESS: CLOUD, TEMPORAL_API_KEY: KEY }).options.tls).toBe(true);
  });

  test('is refused in a header, which does not turn TLS on', () => {
    expect(errorOf({ TEMPORAL_ADDRESS: CLOUD, TEMPORAL_GRPC_META_AUTHORIZATION: KEY })).toContain('unencrypted');
  });
});

describe('the embedded server', () => {
  const own = { address: '127.0.0.1:7233', options: { address: '127.0.0.1:7233' } };

  test('gets no key, no TLS and no header that the user has for another one', () => {
    const settings = read({
      TEMPORAL_API_KEY: KEY,
      TEMPORAL_TLS: 'true',
      TEMPORAL_TLS_CLIENT_CERT_PATH: '/cert.pem',
      TEMPORAL_GRPC_META_AUTHORIZATION: KEY,
    });
    expect(settings).toEqual({ ...own, namespace: 'default' });
  });

  test('is used in spite of a default profile, but not of one that the user names', async () => {
    const folders = process.platform === 'darwin' ? 'Library/Application Support/temporalio' : '.config/temporalio';
    await mkdir(join(folder, folders), { recursive: true });
    await file(`${folders}/temporal.toml`, `[profile.default]\naddress = "${CLOUD}"\napi_key = "${KEY}"\n`);

    expect(read({})).toEqual({ ...own, namespace: 'default' });
    expect(read({ TEMPORAL_NAMESPACE: 'mine' })).toEqual({ ...own, namespace: 'mine' });
    expect(read({ TEMPORAL_PROFILE: 'default' })).toMatchObject({
      address: CLOUD,
      options: { apiKey: KEY, tls: true },
    });
    expect(read({ TEMPORAL_ADDRESS: 'a:1' })).toMatchObject({ address: 'a:1', options: { apiKey: KEY, tls: true } });
  });
});
