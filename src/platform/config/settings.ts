import { cleanEnv, EnvError, makeValidator, type ValidatorSpec } from 'envalid';
import type { Guarantee } from 'exactly-one';
import { readAuthority } from '../../contracts/host-name.ts';
import { orderIdProblem } from '../../contracts/ids.ts';
import { maskSecrets } from '../../contracts/secrets.ts';
import { MAX_SEED, readWholeNumber } from '../../contracts/whole-number.ts';
import { DEFAULT_TASK_QUEUE } from '../../contracts/workflow-names.ts';
import { type ArmedFailpoint, failpointsOf } from '../failpoints/failpoints.ts';
import { readGuarantee } from './guarantee.ts';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** All settings of all programs. They come only from the environment and are documented in `.env.example`. */
export type Settings = ReturnType<typeof readSettings>;

/** Settings are wrong. The message has a line for each: the variable, its value and what is allowed. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/**
 * Reads and validates all settings.
 * @throws SettingsError when one is wrong
 */
export function readSettings(env: NodeJS.ProcessEnv = process.env) {
  const values = cleanEnv(
    nonEmpty(env),
    {
      ...TEMPORAL_PORTS,
      TASK_QUEUE: text({ default: DEFAULT_TASK_QUEUE }),
      TEMPORAL_UI_URL: httpUrl({ default: undefined }),
      TICKET_SYSTEM_URL: httpUrl({ default: undefined }),
      TICKET_SYSTEM_PORT: port({ default: TICKET_SYSTEM_PORT }),
      ACCOUNT_API_URL: httpUrl({ default: undefined }),
      ACCOUNT_API_PORT: port({ default: ACCOUNT_API_PORT }),
      ALLOWED_HOSTS: listOfHosts({ default: [] }),
      DATABASE_DIR: text({ default: 'database' }),
      TICKET_SYSTEM_MODE: guarantee({ default: 'none' }),
      TOKEN_TTL_MS: milliseconds(100, 86_400_000)({ default: 60_000 }),
      // Together with the skew less than 60 s, the furthest deadline that a ticket system accepts.
      CREATE_DEADLINE_MS: milliseconds(100, 30_000)({ default: 5_000 }),
      CLOCK_SKEW_MS: milliseconds(1, 20_000)({ default: 1_000 }),
      SETTLE_MS: milliseconds(0, 3_600_000)({ default: 15_000 }),
      ACCEPT_WITHIN_MS: milliseconds(0, 3_600_000)({ default: 0 }),
      LATE_WATCH_MS: listOfMilliseconds({ default: [60_000, 600_000, 3_600_000] }),
      FAULTS: text({ default: 'calm' }),
      FAULT_SEED: seed({ default: 1 }),
      CRASH_AT: listOfFailpoints({ default: [] }),
      REAL_WORLD_MODE: oneOf(['true', 'false'])({ default: 'false' }),
      SEARCH_ATTRIBUTES: oneOf(['on', 'off'])({ default: 'on' }),
      METRICS_ADDRESS: hostAndPort({ default: '127.0.0.1:9464' }),
      LOG_LEVEL: oneOf(LOG_LEVELS)({ default: 'info' }),
    },
    { reporter: ({ errors }) => throwSettingsError(errors, env) },
  );
  return {
    temporalPort: values.TEMPORAL_PORT,
    temporalUiPort: values.TEMPORAL_UI_PORT,
    temporalUiUrl: values.TEMPORAL_UI_URL,
    taskQueue: values.TASK_QUEUE,
    ticketSystemUrl: values.TICKET_SYSTEM_URL ?? ownUrl(values.TICKET_SYSTEM_PORT, TICKET_SYSTEM_PORT),
    ticketSystemPort: values.TICKET_SYSTEM_PORT,
    accountApiUrl: values.ACCOUNT_API_URL ?? ownUrl(values.ACCOUNT_API_PORT, ACCOUNT_API_PORT),
    accountApiPort: values.ACCOUNT_API_PORT,
    allowedHosts: values.ALLOWED_HOSTS,
    databaseDir: values.DATABASE_DIR,
    guarantee: values.TICKET_SYSTEM_MODE,
    tokenTtlMs: values.TOKEN_TTL_MS,
    createDeadlineMs: values.CREATE_DEADLINE_MS,
    clockSkewMs: values.CLOCK_SKEW_MS,
    settleMs: values.SETTLE_MS,
    acceptWithinMs: values.ACCEPT_WITHIN_MS,
    lateWatchMs: values.LATE_WATCH_MS,
    faults: values.FAULTS,
    faultSeed: values.FAULT_SEED,
    crashAt: values.CRASH_AT,
    realWorldMode: values.REAL_WORLD_MODE === 'true',
    searchAttributes: values.SEARCH_ATTRIBUTES === 'on',
    metricsAddress: values.METRICS_ADDRESS,
    logLevel: values.LOG_LEVEL as (typeof LOG_LEVELS)[number],
  } as const;
}

/**
 * The ports of the embedded Temporal server. A client needs no other settings to find it.
 * @throws SettingsError when one is wrong
 */
export function readTemporalPorts(env: NodeJS.ProcessEnv) {
  const values = cleanEnv(nonEmpty(env), TEMPORAL_PORTS, { reporter: ({ errors }) => throwSettingsError(errors, env) });
  return { temporalPort: values.TEMPORAL_PORT || TEMPORAL_PORT, temporalUiPort: values.TEMPORAL_UI_PORT };
}

/** Where our own service listens. Which one is free, only the service itself can tell. */
function ownUrl(port: number, defaultPort: number): string {
  return `http://127.0.0.1:${port || defaultPort}`;
}

/** `NAME=` in a shell or a file counts as not set. */
function nonEmpty(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
}

function throwSettingsError(errors: Partial<Record<string, Error>>, env: NodeJS.ProcessEnv): void {
  const lines = Object.entries(errors).map(
    ([name, error]) => `${name}=${shownValue(env[name] ?? '')}: ${error?.message ?? 'not a valid value'}`,
  );
  if (lines.length > 0) throw new SettingsError(lines.join('\n'));
}

/** A wrong address is not read as one, so everything before its last `@` may be a password. */
function shownValue(value: string): string {
  return maskSecrets(value.replace(/:\/\/.*@/, '://***@'));
}

const text = makeValidator<string>((input) => input);

const guarantee = makeValidator<Guarantee>(readGuarantee);

const httpUrl = makeValidator<string>((input) => {
  if (!/^https?:\/\/[^/?#]+(\/[^?#]*)?$/.test(input) || !URL.canParse(input) || !hasReadableCredentials(input)) {
    throw new EnvError('expected an http or https address without a query, such as http://127.0.0.1:3001');
  }
  return input.replace(/\/$/, '');
});

/** A user and a password may be part of an address, percent-encoded. */
function hasReadableCredentials(address: string): boolean {
  const { username, password } = new URL(address);
  return !/%(?![0-9a-f]{2})/i.test(username + password);
}

const port = makeValidator<number>((input) =>
  readWholeNumber(input, 0, 65_535, 'a port number from 0 (any free port) to 65535'),
);

const TEMPORAL_PORT = 7233;
const TICKET_SYSTEM_PORT = 3001;
const ACCOUNT_API_PORT = 3002;

/** For help texts: where programs look for what runs on this machine. */
export const DEFAULT_ADDRESSES = {
  temporal: `default 127.0.0.1:${TEMPORAL_PORT}, or the port in TEMPORAL_PORT`,
  ticketSystem: `default http://127.0.0.1:${TICKET_SYSTEM_PORT}, or the port in TICKET_SYSTEM_PORT`,
  accountApi: `default http://127.0.0.1:${ACCOUNT_API_PORT}, or the port in ACCOUNT_API_PORT`,
} as const;

const TEMPORAL_PORTS = {
  TEMPORAL_PORT: port({ default: TEMPORAL_PORT }),
  TEMPORAL_UI_PORT: port({ default: 8233 }),
};

const listOfHosts = makeValidator<readonly string[]>((input) =>
  input.split(',').map((part) => {
    const authority = readAuthority(part.trim());
    if (authority === undefined || authority.port !== '' || /[*%]|:\d*$/.test(part)) {
      throw new EnvError(
        'expected names or addresses without a port, separated by commas, such as tickets.example.com',
      );
    }
    return authority.host;
  }),
);

const seed = makeValidator<number>((input) => readWholeNumber(input, 0, MAX_SEED));

const listOfMilliseconds = makeValidator<readonly number[]>((input) => {
  const allowed = 'one to ten whole numbers of milliseconds from 1 to 86400000, separated by commas';
  const parts = input.split(',');
  if (parts.length > 10) throw new EnvError(`expected ${allowed}`);
  return parts.map((part) => readWholeNumber(part.trim(), 1, 86_400_000, allowed));
});

const FAILPOINTS = [...failpointsOf('worker'), ...failpointsOf('ticket system')].map(({ point }) => point);

const listOfFailpoints = makeValidator<readonly ArmedFailpoint[]>((input) =>
  input.split(',').map((part) => {
    const [name, orderId, ...rest] = part.trim().split(':');
    const point = FAILPOINTS.find((each) => each === name);
    if (point === undefined || orderId === undefined || rest.length > 0 || orderIdProblem(orderId) !== undefined) {
      const format = '<failpoint>:<order id>, or several of them separated by commas';
      throw new EnvError(`expected ${format}; the failpoints are ${FAILPOINTS.join(', ')}`);
    }
    return { point, orderId };
  }),
);

const hostAndPort = makeValidator<string>((input) => {
  const portPart = /^[^\s:]+:(\d{1,5})$/.exec(input)?.[1];
  if (portPart === undefined || Number(portPart) > 65_535) {
    throw new EnvError('expected host:port such as 127.0.0.1:9464');
  }
  return input;
});

function milliseconds(min: number, max: number) {
  return makeValidator<number>((input) =>
    readWholeNumber(input, min, max, `a whole number of milliseconds from ${min} to ${max}`),
  );
}

function oneOf(allowed: readonly string[]): (spec: { default: string }) => ValidatorSpec<string> {
  return makeValidator<string>((input) => {
    if (!allowed.includes(input)) throw new EnvError(`expected one of ${allowed.join(', ')}`);
    return input;
  });
}
