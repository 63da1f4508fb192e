import { describe, expect, it } from '@jest/globals';
import { readSettings, SettingsError } from './settings.ts';
import { timingsEnvironment } from './timings-environment.ts';

const DEFAULTS = readSettings({});

function errorOf(env: Record<string, string>): string {
  try {
    readSettings(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  return 'no error';
}

describe('settings', () => {
  it('have the documented defaults', () => {
    expect(DEFAULTS).toMatchObject({
      temporalPort: 7233,
      temporalUiPort: 8233,
      ticketSystemUrl: 'http://127.0.0.1:3001',
      ticketSystemPort: 3001,
      accountApiUrl: 'http://127.0.0.1:3002',
      accountApiPort: 3002,
      allowedHosts: [],
      databaseDir: 'database',
      guarantee: 'none',
      createDeadlineMs: 5_000,
      clockSkewMs: 1_000,
      settleMs: 15_000,
      acceptWithinMs: 0,
      lateWatchMs: [60_000, 600_000, 3_600_000],
      faults: 'calm',
      realWorldMode: false,
      crashAt: [],
      searchAttributes: true,
      metricsAddress: '127.0.0.1:9464',
      logLevel: 'info',
    });
  });

  it('that are empty count as not set', () => {
    const names = ['TASK_QUEUE', 'TICKET_SYSTEM_URL', 'CREATE_DEADLINE_MS', 'LATE_WATCH_MS', 'FAULT_SEED', 'LOG_LEVEL'];
    expect(readSettings(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(DEFAULTS);
  });

  it.each([
    ['TASK_QUEUE', 'other', { taskQueue: 'other' }],
    ['TICKET_SYSTEM_URL', 'https://tickets.example/api/', { ticketSystemUrl: 'https://tickets.example/api' }],
    ['TICKET_SYSTEM_PORT', '0', { ticketSystemPort: 0 }],
    ['TICKET_SYSTEM_PORT', '65535', { ticketSystemPort: 65_535, ticketSystemUrl: 'http://127.0.0.1:65535' }],
    ['ACCOUNT_API_URL', 'http://localhost:5000/', { accountApiUrl: 'http://localhost:5000' }],
    ['ACCOUNT_API_PORT', '5000', { accountApiPort: 5_000, accountApiUrl: 'http://127.0.0.1:5000' }],
    ['TEMPORAL_PORT', '7333', { temporalPort: 7_333 }],
    ['TEMPORAL_UI_PORT', '8333', { temporalUiPort: 8_333 }],
    [
      'ALLOWED_HOSTS',
      'Tickets.Example.com., 10.1.2.3,[2001:DB8::1]',
      { allowedHosts: ['tickets.example.com', '10.1.2.3', '[2001:db8::1]'] },
    ],
    ['DATABASE_DIR', '/tmp/x', { databaseDir: '/tmp/x' }],
    ['TICKET_SYSTEM_MODE', 'none', { guarantee: 'none' }],
    ['TICKET_SYSTEM_MODE', 'naive', { guarantee: 'none' }],
    ['TICKET_SYSTEM_MODE', 'deadline', { guarantee: 'deadline' }],
    ['TICKET_SYSTEM_MODE', 'idempotency-key', { guarantee: 'idempotency-key' }],
    ['TOKEN_TTL_MS', '100', { tokenTtlMs: 100 }],
    ['CREATE_DEADLINE_MS', '30000', { createDeadlineMs: 30_000 }],
    ['CLOCK_SKEW_MS', '1', { clockSkewMs: 1 }],
    ['SETTLE_MS', '0', { settleMs: 0 }],
    ['ACCEPT_WITHIN_MS', '3600000', { acceptWithinMs: 3_600_000 }],
    ['LATE_WATCH_MS', '7', { lateWatchMs: [7] }],
    ['LATE_WATCH_MS', '1, 20,86400000', { lateWatchMs: [1, 20, 86_400_000] }],
    ['FAULTS', 'hostile', { faults: 'hostile' }],
    ['FAULT_SEED', '4294967295', { faultSeed: 4_294_967_295 }],
    ['CRASH_AT', 'create.sent:order-1', { crashAt: [{ point: 'create.sent', orderId: 'order-1' }] }],
    [
      'CRASH_AT',
      'task.void:a, void.before-sync:b',
      {
        crashAt: [
          { point: 'task.void', orderId: 'a' },
          { point: 'void.before-sync', orderId: 'b' },
        ],
      },
    ],
    ['REAL_WORLD_MODE', 'true', { realWorldMode: true }],
    ['REAL_WORLD_MODE', 'false', { realWorldMode: false }],
    ['SEARCH_ATTRIBUTES', 'off', { searchAttributes: false }],
    ['METRICS_ADDRESS', '0.0.0.0:9000', { metricsAddress: '0.0.0.0:9000' }],
    ['LOG_LEVEL', 'silent', { logLevel: 'silent' }],
  ])('are read from %s=%s', (name, value, read) => {
    expect(readSettings({ [name]: value })).toEqual({ ...DEFAULTS, ...read });
  });

  it.each([
    [
      'TICKET_SYSTEM_URL',
      ['127.0.0.1:3001', 'ftp://x', 'http://', 'http://x?a=1', 'http://x:99999', 'http://x/#a'],
      'http://127.0.0.1:3001',
    ],
    ['TICKET_SYSTEM_PORT', ['65536', '-1', 'http', '3001.5', ' 1'], '0 (any free port) to 65535'],
    ['TICKET_SYSTEM_MODE', ['None', 'Naive', 'toString'], 'none, deadline, idempotency-key'],
    ['TOKEN_TTL_MS', ['99', '86400001'], 'from 100 to 86400000'],
    ['CREATE_DEADLINE_MS', ['99', '30001', '5s', '1e3', '-500', '5000.5'], 'from 100 to 30000'],
    ['CLOCK_SKEW_MS', ['0', '20001', 'one'], 'from 1 to 20000'],
    ['SETTLE_MS', ['-1', '3600001', '0x10'], 'from 0 to 3600000'],
    ['ACCEPT_WITHIN_MS', ['-1', '3600001'], 'from 0 to 3600000'],
    ['LATE_WATCH_MS', ['0', '1,', ',', '1,,2', '1;2', '1,86400001', '1,2,3,4,5,6,7,8,9,10,11'], 'separated by commas'],
    ['FAULT_SEED', ['-1', '4294967296', 'x'], 'from 0 to 4294967295'],
    [
      'CRASH_AT',
      ['create.sent', 'create:order-1', 'toString:order-1', 'create.sent:-', 'create.sent:a:b', 'create.sent:a,'],
      'create.before-send, create.sent,',
    ],
    ['ACCOUNT_API_URL', ['localhost:5000'], 'http://127.0.0.1:3001'],
    ['ACCOUNT_API_PORT', ['65536'], '0 (any free port) to 65535'],
    ['TEMPORAL_PORT', ['65536', '7233/tcp'], '0 (any free port) to 65535'],
    ['TEMPORAL_UI_PORT', ['-1'], '0 (any free port) to 65535'],
    [
      'ALLOWED_HOSTS',
      ['http://x', 'x:3001', 'a,,b', '*.x', '*', 'a b', 'x/y', 'u@x', '::1'],
      'such as tickets.example.com',
    ],
    ['REAL_WORLD_MODE', ['on', 'TRUE', '1'], 'true, false'],
    ['SEARCH_ATTRIBUTES', ['true', 'ON'], 'on, off'],
    [
      'METRICS_ADDRESS',
      ['9464', ':9464', 'localhost', 'localhost:', 'local host:1', 'x:123456', 'localhost:65536'],
      'host:port',
    ],
    ['LOG_LEVEL', ['verbose', 'INFO'], 'trace, debug, info, warn, error, fatal, silent'],
  ])('that are wrong cause an error with %s, its value and what is allowed', (name, wrong, allowed) => {
    for (const value of wrong) {
      const message = errorOf({ [name]: value });
      expect(message).toContain(`${name}=${value}: expected`);
      expect(message).toContain(allowed);
    }
  });

  it.each([
    ['TICKET_SYSTEM_URL', 'http://me:canary@host:99999'],
    ['TICKET_SYSTEM_URL', 'http://me:can?ary@host'],
    ['TICKET_SYSTEM_URL', 'http://me:can/ary@host:x'],
    ['TICKET_SYSTEM_URL', 'http://me:can%zzary@host'],
    ['ACCOUNT_API_URL', 'me:canary@host'],
    ['FAULT_SEED', 'VISA-1234-5678-9012-2526'],
  ])('that are wrong are shown without the secret in them: %s=%s', (name, value) => {
    const message = errorOf({ [name]: value });
    expect(message).toContain(`${name}=`);
    expect(message).toContain('***');
    expect(message).not.toMatch(/can|ary@|1234/);
  });

  it('may have a user and a password in an address', () => {
    expect(readSettings({ TICKET_SYSTEM_URL: 'http://me:p%40ss@host' }).ticketSystemUrl).toBe('http://me:p%40ss@host');
  });

  it('that are wrong are all listed, one per line, without the correct ones', () => {
    const lines = errorOf({ CREATE_DEADLINE_MS: 'x', LOG_LEVEL: 'y', FAULT_SEED: '3' }).split('\n');
    expect(lines.map((line) => line.split('=')[0]).sort()).toEqual(['CREATE_DEADLINE_MS', 'LOG_LEVEL']);
  });

  it('that move a service to another port also say where to call it, unless an address is set', () => {
    const moved = { TICKET_SYSTEM_PORT: '3101', ACCOUNT_API_PORT: '3102' };
    expect(readSettings({ ...moved, ACCOUNT_API_URL: 'http://other:1' })).toMatchObject({
      ticketSystemUrl: 'http://127.0.0.1:3101',
      accountApiUrl: 'http://other:1',
    });
  });

  it('ignore other variables', () => {
    expect(readSettings({ PATH: '/bin', TEMPORAL_ADDRESS: 'x:7233' })).toEqual(DEFAULTS);
  });

  it('read back the timings that timingsEnvironment has written', () => {
    const timings = {
      createDeadlineMs: 1_500,
      clockSkewMs: 200,
      settleMs: 0,
      acceptWithinMs: 700,
      lateWatchMs: [1_500, 3_000],
    };
    expect(readSettings(timingsEnvironment(timings))).toEqual({ ...DEFAULTS, ...timings });
  });
});
