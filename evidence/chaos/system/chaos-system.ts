import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { timingsEnvironment } from '../../../src/platform/config/timings-environment.ts';
import { startProgram } from '../../../src/platform/processes/start-program.ts';
import { untilLine } from '../../../src/platform/processes/until-ready.ts';
import { waitUntil } from '../../../src/platform/processes/wait-until.ts';
import { startDevServer } from '../../../src/platform/temporal/dev-server.ts';
import { findTemporalCli } from '../../../src/platform/temporal/find-cli.ts';
import { OUR_SEARCH_ATTRIBUTES } from '../../../src/platform/temporal/search-attributes.ts';
import { type Faults, putFaults } from '../../../testbed/operate-service.ts';
import type { RoundPlan } from '../plan/round.ts';
import type { ProcessName } from '../plan/stops.ts';
import { TIMINGS } from '../timings.ts';
import { type ControlledProcess, controlProcess, type RunningProcess } from './controlled-process.ts';
import { createLogFiles } from './log-files.ts';
import { stablePort } from './stable-port.ts';

const READY_WITHIN_MS = 60_000;
const CALM: Faults = { seed: 0, preset: 'calm' };

/** A Temporal server with a file database, the ticket system and two workers, all of which may be stopped. */
export interface ChaosSystem {
  readonly client: Client;
  readonly taskQueue: string;
  readonly ticketSystemUrl: string;
  /** The files of Temporal's database. */
  readonly temporalFiles: readonly string[];
  process(name: ProcessName): ControlledProcess;
  /** Restarts the ticket system over a fresh database with the round's guarantee and faults. */
  beginRound(plan: RoundPlan, folders: RoundFolders): Promise<void>;
  /** Ends all faults, also for later starts. */
  calm(): Promise<void>;
  /** Resolves when all that was logged is in its files. */
  flushLogs(folders: RoundFolders): Promise<void>;
  close(): Promise<void>;
}

export interface RoundFolders {
  readonly database: string;
  readonly logs: string;
}

/** Told what the processes print, and when one of them ends by itself. */
export interface SystemListener {
  onLine(process: ProcessName, line: string): void;
  onUnexpected(what: string): void;
}

/**
 * Starts everything for the first round.
 * @param folder where Temporal's database lies
 */
export async function startChaosSystem(
  folder: string,
  first: RoundPlan,
  firstFolders: RoundFolders,
  listener: SystemListener,
): Promise<ChaosSystem> {
  const closing: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  const logs = createLogFiles();
  closing.push(() => logs.close());
  await logs.moveTo(firstFolders.logs);
  let round = { plan: first, folders: firstFolders, faults: first.faults as Faults };

  const cliPath = await findTemporalCli();
  const [temporalPort, ticketSystemPort] = [await stablePort(), await stablePort()];
  const databaseFile = path.join(folder, 'temporal.db');
  const temporalAddress = `127.0.0.1:${temporalPort}`;
  const ticketSystemUrl = `http://127.0.0.1:${ticketSystemPort}`;
  const taskQueue = 'chaos';
  const onLineOf = (name: ProcessName) => (line: string) => {
    logs.write(name, line);
    listener.onLine(name, line);
  };

  const startTemporal = () =>
    startDevServer({
      cliPath,
      databaseFile,
      port: temporalPort,
      uiPort: 'none',
      searchAttributes: OUR_SEARCH_ATTRIBUTES,
      onLine: onLineOf('Temporal server'),
    });

  const startService = async (): Promise<RunningProcess> => {
    const child = await startProgram({
      name: 'the ticket system',
      program: 'src/services/ticket-system/main.ts',
      onLine: onLineOf('ticket system'),
      env: {
        ...process.env,
        ...timingsEnvironment(TIMINGS),
        TICKET_SYSTEM_PORT: String(ticketSystemPort),
        TICKET_SYSTEM_MODE: round.plan.guarantee,
        TOKEN_TTL_MS: '20000',
        DATABASE_DIR: round.folders.database,
        FAULTS: round.faults.preset ?? 'hostile',
        FAULT_SEED: String(round.faults.seed),
        // Its debug lines tell which faults inject.
        LOG_LEVEL: 'debug',
      },
    });
    await untilLine(child, /listens on/, { what: 'its address', timeoutMs: READY_WITHIN_MS });
    await putFaults(ticketSystemUrl, round.faults);
    return child;
  };

  const startWorker = (name: ProcessName) => async (): Promise<RunningProcess> => {
    const child = await startProgram({
      name,
      program: 'src/worker/main.ts',
      onLine: onLineOf(name),
      env: {
        ...process.env,
        ...timingsEnvironment(TIMINGS),
        TEMPORAL_ADDRESS: temporalAddress,
        TASK_QUEUE: taskQueue,
        TICKET_SYSTEM_URL: ticketSystemUrl,
        METRICS_ADDRESS: '127.0.0.1:0',
        LOG_LEVEL: 'info',
      },
    });
    await untilLine(child, /worker is ready/, { what: 'it to poll', timeoutMs: READY_WITHIN_MS });
    return child;
  };

  const processes = new Map<ProcessName, ControlledProcess>();
  const begin = async (name: ProcessName, start: () => Promise<RunningProcess>) => {
    const controlled = await controlProcess(name, start, listener.onUnexpected);
    closing.push(() => controlled.end());
    processes.set(name, controlled);
  };
  const processOf = (name: ProcessName) => {
    const found = processes.get(name);
    if (found === undefined) throw new Error(`${name} was never started`);
    return found;
  };

  try {
    await Promise.all([begin('Temporal server', startTemporal), begin('ticket system', startService)]);
    await Promise.all((['worker 1', 'worker 2'] as const).map((name) => begin(name, startWorker(name))));
    const connection = await Connection.connect({ address: temporalAddress, channelArgs: RECONNECT_SOON });
    closing.push(() => connection.close());
    return {
      client: new Client({ connection }),
      taskQueue,
      ticketSystemUrl,
      temporalFiles: [databaseFile, `${databaseFile}-wal`],
      process: processOf,
      async beginRound(plan, folders) {
        round = { plan, folders, faults: plan.faults };
        await logs.moveTo(folders.logs);
        await processOf('ticket system').stop('restart', 0);
      },
      async calm() {
        round = { ...round, faults: CALM };
        await waitUntil(() => putFaults(ticketSystemUrl, CALM).then(() => true), {
          what: 'the ticket system to end its faults',
          timeoutMs: READY_WITHIN_MS,
        });
      },
      flushLogs: ({ logs: logFolder }) => logs.moveTo(logFolder),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The client's own pauses would otherwise grow with each stop of the server. */
const RECONNECT_SOON = { 'grpc.initial_reconnect_backoff_ms': 100, 'grpc.max_reconnect_backoff_ms': 500 };
