import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Client } from '@temporalio/client';
import type { Guarantee, Timings } from 'exactly-one';
import { nanoid } from 'nanoid';
import { timingsEnvironment } from '../src/platform/config/timings-environment.ts';
import { freePort } from '../src/platform/processes/free-port.ts';
import type { Child } from '../src/platform/processes/start-child.ts';
import { startProgram } from '../src/platform/processes/start-program.ts';
import { untilLine } from '../src/platform/processes/until-ready.ts';
import { connectClient } from '../src/platform/temporal/connect-client.ts';
import { type DevServer, startDevServer } from '../src/platform/temporal/dev-server.ts';
import { findTemporalCli } from '../src/platform/temporal/find-cli.ts';
import { OUR_SEARCH_ATTRIBUTES } from '../src/platform/temporal/search-attributes.ts';
import { type Audit, auditDatabase } from '../src/services/ticket-system/audit.ts';
import { fetchInFlight } from '../src/services/ticket-system/fetch-in-flight.ts';
import { type Faults, putFaults } from './operate-service.ts';

const READY_WITHIN_MS = 60_000;

/** Small timings: a demo does not wait for minutes. */
export const DEMO_TIMINGS: Timings = {
  createDeadlineMs: 1_500,
  clockSkewMs: 200,
  settleMs: 1_000,
  lateWatchMs: [1_500, 3_000],
};

/** Everything a demo plays on: a Temporal server, a ticket system and workers, on free ports, with a database of its own. */
export interface Stage {
  readonly client: Client;
  readonly taskQueue: string;
  readonly temporalAddress: string;
  /** Undefined with a server of the user's own. */
  readonly uiAddress: string | undefined;
  readonly ticketSystemUrl: string;
  readonly databaseDir: string;
  /** Order ids of this demo: with a fresh server they depend on nothing, so that a seed gives the same faults again. */
  orderId(index: number): string;
  /** Transfer ids likewise. */
  transferId(index: number): string;
  /** Starts the account API over a journal of its own; workers that are started after it call it. */
  startAccountApi(): Promise<AccountApiOnStage>;
  /** Starts a worker and waits until it is ready. */
  startWorker(program?: WorkerProgram): Promise<Child>;
  setFaults(faults: Faults): Promise<void>;
  audit(): Promise<Audit>;
  /** Requests that the ticket system has accepted and not finished. */
  inFlight(): Promise<number>;
  close(): Promise<void>;
}

export interface WorkerProgram {
  /** Where its source lies; default this project. */
  readonly root?: string;
  /** Default the product's worker. */
  readonly file?: string;
}

export interface StageOptions {
  /** How long a token of the ticket system is valid; default 20,000. */
  readonly tokenTtlMs?: number;
  /** A fresh server also when the environment names one: its ids, and with them the faults, depend on nothing. */
  readonly ownServer?: boolean;
}

export interface AccountApiOnStage {
  readonly url: string;
  /** The file that is its database. */
  readonly journal: string;
  setFaults(faults: Faults): Promise<void>;
}

/**
 * Sets the stage. Whatever was started ends when the stage is closed, or when this process is gone.
 * @param guarantee of the ticket system
 */
export async function setStage(
  guarantee: Guarantee,
  { tokenTtlMs = 20_000, ownServer = !process.env.TEMPORAL_ADDRESS }: StageOptions = {},
): Promise<Stage> {
  const closing: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    const databaseDir = await mkdtemp(path.join(tmpdir(), 'temporal-ticketing-'));
    closing.push(() => rm(databaseDir, { recursive: true, force: true }));
    const run = nanoid(6).replaceAll(/[-_]/g, '0');
    const temporalEnv = ownServer ? withoutTemporalSettings(process.env) : process.env;
    const env = {
      ...temporalEnv,
      ...timingsEnvironment(DEMO_TIMINGS),
      DATABASE_DIR: databaseDir,
      TICKET_SYSTEM_MODE: guarantee,
      TOKEN_TTL_MS: String(tokenTtlMs),
    };
    const [server, ticketSystem] = await Promise.all([
      ownServer
        ? startServer(databaseDir).then((started) => {
            closing.push(() => started.stop());
            return started;
          })
        : undefined,
      startService('the ticket system', 'src/services/ticket-system/main.ts', env),
    ]);
    closing.push(() => ticketSystem.child.stop(10_000));
    const ticketSystemUrl = ticketSystem.url;
    const temporalAddress = server?.address ?? process.env.TEMPORAL_ADDRESS ?? '';
    const taskQueue = `demo-${run}`;
    const { client, connection } = await connectClient({ env: { ...env, TEMPORAL_ADDRESS: temporalAddress } });
    closing.push(() => connection.close());
    const idOf = (index: number) => `${server === undefined ? `${run}-` : ''}${String(index).padStart(2, '0')}`;
    // Where nobody listens, until there is one.
    let accountApiUrl = 'http://127.0.0.1:9';

    return {
      client,
      taskQueue,
      temporalAddress,
      uiAddress: server?.uiAddress,
      ticketSystemUrl,
      databaseDir,
      orderId: (index) => `order-${idOf(index)}`,
      transferId: (index) => idOf(index),
      async startAccountApi() {
        const { child, url } = await startService('the account API', 'src/services/account-api/main.ts', env);
        closing.push(() => child.stop(10_000));
        accountApiUrl = url;
        const journal = path.join(databaseDir, 'accounts', 'journal.jsonl');
        return { url, journal, setFaults: (faults) => putFaults(url, faults) };
      },
      async startWorker({ root, file = 'src/worker/main.ts' } = {}) {
        const metrics = `127.0.0.1:${await freePort()}`;
        const settings = {
          ...env,
          TEMPORAL_ADDRESS: temporalAddress,
          TASK_QUEUE: taskQueue,
          TICKET_SYSTEM_URL: ticketSystemUrl,
          ACCOUNT_API_URL: accountApiUrl,
          METRICS_ADDRESS: metrics,
          LOG_LEVEL: 'info',
        };
        const worker = await startProgram({ name: 'the worker', program: file, env: settings, root });
        closing.push(() => worker.stop(15_000));
        await untilLine(worker, /worker is ready/, ready('it to poll'));
        return worker;
      },
      setFaults: (faults) => putFaults(ticketSystemUrl, faults),
      audit: () => auditDatabase(databaseDir),
      inFlight: () => fetchInFlight(ticketSystemUrl),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What the environment says about a server of the user's is not true of one of our own. */
function withoutTemporalSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}

/** A fresh development server. */
async function startServer(databaseDir: string): Promise<DevServer> {
  const cliPath = await findTemporalCli();
  return startDevServer({
    cliPath,
    databaseFile: path.join(databaseDir, 'temporal.db'),
    searchAttributes: OUR_SEARCH_ATTRIBUTES,
  });
}

/** Starts a service on a free port, without faults. */
async function startService(
  name: string,
  program: string,
  env: NodeJS.ProcessEnv,
): Promise<{ child: Child; url: string }> {
  const calm = { FAULTS: 'calm', REAL_WORLD_MODE: 'false', LOG_LEVEL: 'warn' };
  const settings = { ...env, ...calm, TICKET_SYSTEM_PORT: '0', ACCOUNT_API_PORT: '0' };
  const child = await startProgram({ name, program, env: settings });
  const [, url = ''] = await untilLine(child, /listens on (http\S+)/, ready('its address'));
  return { child, url };
}

function ready(what: string) {
  return { what, timeoutMs: READY_WITHIN_MS };
}
