import type { Guarantee } from 'exactly-one';
import { timingsEnvironment } from '../../../src/platform/config/timings-environment.ts';
import type { Child } from '../../../src/platform/processes/start-child.ts';
import { startProgram } from '../../../src/platform/processes/start-program.ts';
import { untilLine } from '../../../src/platform/processes/until-ready.ts';
import { type Faults, putFaults } from '../../../testbed/operate-service.ts';
import { TIMINGS, TOKEN_TTL_MS } from '../timings.ts';

export const READY_WITHIN_MS = 60_000;

/** Starts the ticket system with these faults and waits until it listens. */
export async function startTicketSystem(options: {
  readonly port: number;
  readonly guarantee: Guarantee;
  readonly faults: Faults;
  readonly databaseDir: string;
  readonly onLine: (line: string) => void;
}): Promise<Child> {
  const { port, guarantee, faults, databaseDir, onLine } = options;
  const child = await startProgram({
    name: 'the ticket system',
    program: 'src/services/ticket-system/main.ts',
    onLine,
    env: {
      ...process.env,
      ...timingsEnvironment(TIMINGS),
      TICKET_SYSTEM_PORT: String(port),
      TICKET_SYSTEM_MODE: guarantee,
      TOKEN_TTL_MS: String(TOKEN_TTL_MS),
      DATABASE_DIR: databaseDir,
      // In effect until the rules are put, which only a running service accepts.
      FAULTS: faults.preset ?? 'hostile',
      FAULT_SEED: String(faults.seed),
      // At this level it logs each injected fault.
      LOG_LEVEL: 'debug',
    },
  });
  await untilLine(child, /listens on/, { what: 'its address', timeoutMs: READY_WITHIN_MS });
  await putFaults(`http://127.0.0.1:${port}`, faults);
  return child;
}

/** Starts a worker and waits until it polls. */
export async function startWorker(options: {
  readonly name: string;
  readonly temporalAddress: string;
  readonly taskQueue: string;
  readonly ticketSystemUrl: string;
  readonly onLine: (line: string) => void;
}): Promise<Child> {
  const { name, temporalAddress, taskQueue, ticketSystemUrl, onLine } = options;
  const child = await startProgram({
    name,
    program: 'src/worker/main.ts',
    onLine,
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
}

/** The fault that a line in the ticket system's log reports: only such lines have both a point and a kind. */
export function injectedFault(line: string): { readonly point: string; readonly kind: string } | undefined {
  const point = /"point":"([^"]+)"/.exec(line)?.[1];
  const kind = /"kind":"([^"]+)"/.exec(line)?.[1];
  return point === undefined || kind === undefined ? undefined : { point, kind };
}
