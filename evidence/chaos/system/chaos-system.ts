import { rename } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { errorMessage } from '../../../src/contracts/errors.ts';
import { timingsEnvironment } from '../../../src/platform/config/timings-environment.ts';
import { freePort } from '../../../src/platform/processes/free-port.ts';
import { MINIMAL_ENVIRONMENT } from '../../../src/platform/processes/minimal-environment.ts';
import { waitUntil } from '../../../src/platform/processes/wait-until.ts';
import { connectToOwnServer } from '../../../src/platform/temporal/connect.ts';
import { ownServerSettings } from '../../../src/platform/temporal/server-environment.ts';
import { startService, startTemporalServer, startWorker } from '../../../testbed/processes.ts';
import { type Faults, putFaults } from '../../../testbed/put-faults.ts';
import { fillLog } from '../clients/fill-log.ts';
import { MOVABLE, type MovablePart } from '../plan/moves.ts';
import type { RoundPlan } from '../plan/round.ts';
import { FILLED_PROCESS } from '../plan/stalls.ts';
import type { ProcessName } from '../plan/stops.ts';
import type { DoneMove } from '../play-moves.ts';
import type { InjectedFault } from '../report/tally.ts';
import { TIMINGS, TOKEN_TTL_MS } from '../timings.ts';
import { type ControlledProcess, controlProcess, type RunningProcess } from './controlled-process.ts';
import { createLogFiles, droppedLines, injectedFault, isRefusedForLackOfDatabase } from './process-output.ts';

const TASK_QUEUE = 'chaos';
const CALM_WITHIN_MS = 60_000;
const CALM: Faults = { seed: 0, preset: 'calm' };

/** Otherwise the client's pauses would grow with each stop of the server. */
const RECONNECT_SOON = { 'grpc.initial_reconnect_backoff_ms': 100, 'grpc.max_reconnect_backoff_ms': 500 };

/** A Temporal server with a file database, the ticket system and two workers, each of which can be stopped. */
export interface ChaosSystem {
  readonly client: Client;
  readonly taskQueue: string;
  readonly ticketSystemUrl: string;
  /** The files of Temporal's database. */
  readonly temporalFiles: readonly string[];
  process(name: ProcessName): ControlledProcess;
  /** Does not read the log of a process for so long. The ticket system gets more to log than it can hold back. */
  stallReader(name: ProcessName, forMs: number): Promise<void>;
  /** Moves a part of the ticket system's database away, while no stop happens to it, and moves it back. */
  moveAway(part: MovablePart, forMs: number): Promise<DoneMove>;
  /** Restarts the ticket system over a fresh database with the round's guarantee and faults. */
  beginRound(plan: RoundPlan, folders: RoundFolders): Promise<void>;
  /** Ends all faults, also for later starts of the ticket system. */
  calm(): Promise<void>;
  /** Resolves when everything logged so far is in its files. */
  flushLogs(folders: RoundFolders): Promise<void>;
  close(): Promise<void>;
}

export interface RoundFolders {
  readonly database: string;
  readonly logs: string;
}

interface SystemListener {
  onFault(fault: InjectedFault): void;
  /** Called when a process reports that it has dropped log lines. */
  onDroppedLines(count: number): void;
  /** Called when the ticket system has refused a request because its database is not in its place. */
  onRefused(): void;
  /** Called when a process exits on its own. */
  onUnexpected(what: string): void;
}

/**
 * Starts everything for the first round.
 * @param folder for Temporal's database
 */
export async function startChaosSystem(
  folder: string,
  firstPlan: RoundPlan,
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
  let round = { plan: firstPlan, folders: firstFolders, faults: firstPlan.faults as Faults };

  const [temporalPort, ticketSystemPort] = [await freePort(), await freePort()];
  const databaseFile = path.join(folder, 'temporal.db');
  const temporalAddress = `127.0.0.1:${temporalPort}`;
  const ticketSystemUrl = `http://127.0.0.1:${ticketSystemPort}`;
  const logLine = (name: ProcessName) => (line: string) => {
    logs.write(name, line);
    listener.onDroppedLines(droppedLines(line));
  };

  const startTicketSystem = async () => {
    const { child } = await startService({
      service: 'ticket system',
      port: ticketSystemPort,
      env: {
        ...MINIMAL_ENVIRONMENT,
        ...timingsEnvironment(TIMINGS),
        TICKET_SYSTEM_MODE: round.plan.guarantee,
        TOKEN_TTL_MS: String(TOKEN_TTL_MS),
        DATABASE_DIR: round.folders.database,
        // In effect until the rules are put, which only a running service accepts.
        FAULTS: round.faults.preset ?? 'hostile',
        FAULT_SEED: String(round.faults.seed),
        // At this level it logs each injected fault.
        LOG_LEVEL: 'debug',
      },
      onLine: (line) => {
        logLine('ticket system')(line);
        const fault = injectedFault(line);
        if (fault !== undefined) listener.onFault(fault);
        if (isRefusedForLackOfDatabase(line)) listener.onRefused();
      },
    });
    await putFaults(ticketSystemUrl, round.faults);
    return child;
  };
  const startWorkerNamed = (name: ProcessName) => () =>
    startWorker({
      env: {
        ...MINIMAL_ENVIRONMENT,
        ...ownServerSettings({ address: temporalAddress }),
        ...timingsEnvironment(TIMINGS),
        TASK_QUEUE,
        TICKET_SYSTEM_URL: ticketSystemUrl,
        // Only for their records: the invariants know every file of the database.
        DATABASE_DIR: folder,
        LOG_LEVEL: 'info',
      },
      onLine: logLine(name),
    });
  const starts: Readonly<Record<ProcessName, () => Promise<RunningProcess>>> = {
    'Temporal server': () =>
      startTemporalServer({ databaseFile, port: temporalPort, onLine: logLine('Temporal server') }),
    'ticket system': startTicketSystem,
    'worker 1': startWorkerNamed('worker 1'),
    'worker 2': startWorkerNamed('worker 2'),
  };

  const processes = new Map<ProcessName, ControlledProcess>();
  const begin = async (name: ProcessName) => {
    const controlled = await controlProcess(name, starts[name], listener.onUnexpected);
    closing.push(() => controlled.end());
    processes.set(name, controlled);
  };
  const processOf = (name: ProcessName) => {
    const found = processes.get(name);
    if (found === undefined) throw new Error(`${name} has not been started`);
    return found;
  };

  try {
    await Promise.all([begin('Temporal server'), begin('ticket system')]);
    await Promise.all([begin('worker 1'), begin('worker 2')]);
    const connection = await connectToOwnServer(temporalAddress, { channelArgs: RECONNECT_SOON });
    closing.push(() => connection.close());
    return {
      client: new Client({ connection }),
      taskQueue: TASK_QUEUE,
      ticketSystemUrl,
      temporalFiles: [databaseFile, `${databaseFile}-wal`],
      process: processOf,
      async stallReader(name, forMs) {
        const fill = name === FILLED_PROCESS ? () => fillLog(ticketSystemUrl) : undefined;
        await processOf(name)
          .stallReader(forMs, fill)
          .catch((error: unknown) =>
            listener.onUnexpected(`while nobody read its log, the ${name} did not respond: ${errorMessage(error)}`),
          );
      },
      moveAway: (part, forMs) =>
        processOf('ticket system').betweenStops(async () => {
          const atMs = Date.now();
          const place = path.join(round.folders.database, MOVABLE[part]);
          const away = path.join(round.folders.database, '..', 'moved-away');
          await rename(place, away);
          await pause(forMs).finally(() => rename(away, place));
          return { part, atMs, backAtMs: Date.now() };
        }),
      async beginRound(plan, folders) {
        round = { plan, folders, faults: plan.faults };
        await logs.moveTo(folders.logs);
        await processOf('ticket system').stop('restart', 0);
      },
      async calm() {
        round = { ...round, faults: CALM };
        await waitUntil(() => putFaults(ticketSystemUrl, CALM).then(() => true), {
          what: 'the ticket system to end its faults',
          timeoutMs: CALM_WITHIN_MS,
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
