import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Client } from '@temporalio/client';
import type { Guarantee, Timings } from 'exactly-one';
import { nanoid } from 'nanoid';
import { timingsEnvironment } from '../src/platform/config/timings-environment.ts';
import { MINIMAL_ENVIRONMENT } from '../src/platform/processes/minimal-environment.ts';
import type { Child } from '../src/platform/processes/start-child.ts';
import { connectClient } from '../src/platform/temporal/connect.ts';
import { ownServerSettings, userServerEnvironment } from '../src/platform/temporal/server-environment.ts';
import { type Audit, auditDatabase } from '../src/services/ticket-system/audit.ts';
import { fetchInFlight } from '../src/services/ticket-system/fetch-in-flight.ts';
import { startService, startTemporalServer, startWorker, UNREACHABLE_URL, type WorkerProgram } from './processes.ts';
import { type Faults, putFaults } from './put-faults.ts';

const STOP_SERVICE_WITHIN_MS = 10_000;
const STOP_WORKER_WITHIN_MS = 15_000;

/** Small timings, so that a demo does not take minutes. */
export const DEMO_TIMINGS: Timings = {
  createDeadlineMs: 1_500,
  clockSkewMs: 200,
  settleMs: 1_000,
  lateWatchMs: [1_500, 3_000],
};

/** A running system: a Temporal server, a ticket system and workers, on free ports and with its own database. */
export interface Stage {
  readonly client: Client;
  readonly taskQueue: string;
  readonly temporalAddress: string;
  /** Undefined when the user's own Temporal server is used. */
  readonly uiAddress: string | undefined;
  readonly ticketSystemUrl: string;
  readonly databaseDir: string;
  /** The environment in which another program, such as the starter, belongs to this stage. */
  environment(): Readonly<Record<string, string>>;
  /** An order id. On a fresh server it depends on the index alone, so the same seed gives the same faults. */
  orderId(index: number): string;
  /** A transfer id; on a fresh server it depends on the index alone. */
  transferId(index: number): string;
  /** Starts the account API. Workers started after this call it. */
  startAccountApi(): Promise<AccountApiOnStage>;
  /** Starts a worker and waits until it is ready. */
  startWorker(program?: WorkerOnStage): Promise<Child>;
  setFaults(faults: Faults): Promise<void>;
  audit(): Promise<Audit>;
  /** The number of requests that the ticket system has accepted and not yet finished. */
  inFlight(): Promise<number>;
  close(): Promise<void>;
}

interface WorkerOnStage extends WorkerProgram {
  /** Called with each line that it prints. */
  readonly onLine?: (line: string) => void;
}

interface StageOptions {
  /** Default small ones, `DEMO_TIMINGS`. */
  readonly timings?: Timings;
  /** How long a token of the ticket system is valid; default 20 s. */
  readonly tokenTtlMs?: number;
  /** Whether to start a fresh Temporal server; default true, unless `TEMPORAL_ADDRESS` names the user's own. */
  readonly ownServer?: boolean;
}

export interface AccountApiOnStage {
  readonly url: string;
  /** The file that is its database. */
  readonly journal: string;
  setFaults(faults: Faults): Promise<void>;
}

/**
 * Starts a Temporal server and a ticket system without faults. Everything that was started stops when the stage is
 * closed, or when this process ends.
 * @param guarantee of the ticket system
 */
export async function setStage(
  guarantee: Guarantee,
  { timings = DEMO_TIMINGS, tokenTtlMs = 20_000, ownServer = !process.env.TEMPORAL_ADDRESS }: StageOptions = {},
): Promise<Stage> {
  const closing: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    const databaseDir = await mkdtemp(path.join(tmpdir(), 'temporal-ticketing-'));
    closing.push(() => rm(databaseDir, { recursive: true, force: true }));
    const run = nanoid(6).replaceAll(/[-_]/g, '0');
    const serviceEnv = {
      ...MINIMAL_ENVIRONMENT,
      DATABASE_DIR: databaseDir,
      TICKET_SYSTEM_MODE: guarantee,
      TOKEN_TTL_MS: String(tokenTtlMs),
      LOG_LEVEL: 'warn',
    };
    const [server, ticketSystem] = await Promise.all([
      ownServer
        ? startTemporalServer({ databaseFile: path.join(databaseDir, 'temporal.db'), uiPort: 0 }).then((started) => {
            closing.push(() => started.stop());
            return started;
          })
        : undefined,
      startService({ service: 'ticket system', env: serviceEnv }),
    ]);
    closing.push(() => ticketSystem.child.stop(STOP_SERVICE_WITHIN_MS));
    const ticketSystemUrl = ticketSystem.url;
    const temporalEnv =
      server === undefined ? userServerEnvironment() : { ...MINIMAL_ENVIRONMENT, ...ownServerSettings(server) };
    const taskQueue = `demo-${run}`;
    const { client, connection, address: temporalAddress } = await connectClient({ env: temporalEnv });
    // At the very end: a call that is tried again on a closed connection ends this process with an error.
    closing.unshift(() => connection.close());
    const idOf = (index: number) => `${server === undefined ? `${run}-` : ''}${String(index).padStart(2, '0')}`;
    let accountApiUrl = UNREACHABLE_URL;
    const environment = () => ({
      DATABASE_DIR: databaseDir,
      TASK_QUEUE: taskQueue,
      TICKET_SYSTEM_URL: ticketSystemUrl,
      ...(accountApiUrl === UNREACHABLE_URL ? {} : { ACCOUNT_API_URL: accountApiUrl }),
      ...timingsEnvironment(timings),
    });

    return {
      client,
      taskQueue,
      temporalAddress,
      uiAddress: server?.uiAddress,
      ticketSystemUrl,
      databaseDir,
      environment: () => ({
        // A user whose server it is has its settings in their shell.
        ...(server === undefined ? {} : { TEMPORAL_ADDRESS: temporalAddress }),
        ...(server?.uiAddress === undefined ? {} : { TEMPORAL_UI_URL: server.uiAddress }),
        ...environment(),
      }),
      orderId: (index) => `order-${idOf(index)}`,
      transferId: (index) => idOf(index),
      async startAccountApi() {
        const { child, url } = await startService({ service: 'account API', env: serviceEnv });
        closing.push(() => child.stop(STOP_SERVICE_WITHIN_MS));
        accountApiUrl = url;
        const journal = path.join(databaseDir, 'accounts', 'journal.jsonl');
        return { url, journal, setFaults: (faults) => putFaults(url, faults) };
      },
      async startWorker(program = {}) {
        const worker = await startWorker({
          ...program,
          env: {
            ...temporalEnv,
            ...environment(),
            LOG_LEVEL: 'info',
          },
        });
        closing.push(() => worker.stop(STOP_WORKER_WITHIN_MS));
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
