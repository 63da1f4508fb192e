import { timingsEnvironment } from '../../src/platform/config/timings-environment.ts';
import { freePort } from '../../src/platform/processes/free-port.ts';
import { startProgram } from '../../src/platform/processes/start-program.ts';
import { untilLine } from '../../src/platform/processes/until-ready.ts';
import { TIMINGS } from './order-world.ts';

/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:9';

/** A worker as users run it, in a process of its own. */
export async function startWorkerProcess(options: {
  readonly temporalAddress: string;
  readonly taskQueue: string;
  readonly ticketSystemUrl?: string;
  readonly accountApiUrl?: string;
  /** Default: all it can say. */
  readonly logLevel?: string;
  readonly createDeadlineMs?: number;
  /** Where it dies; default nowhere. */
  readonly crashAt?: string;
}) {
  const lines: string[] = [];
  const { createDeadlineMs = TIMINGS.createDeadlineMs, logLevel = 'trace', crashAt = '' } = options;
  const child = await startProgram({
    name: 'the worker',
    program: 'src/worker/main.ts',
    env: {
      ...{ PATH: process.env.PATH, HOME: process.env.HOME, LOG_LEVEL: logLevel },
      TEMPORAL_ADDRESS: options.temporalAddress,
      TASK_QUEUE: options.taskQueue,
      TICKET_SYSTEM_URL: options.ticketSystemUrl ?? NOWHERE,
      ACCOUNT_API_URL: options.accountApiUrl ?? NOWHERE,
      METRICS_ADDRESS: `127.0.0.1:${await freePort()}`,
      ...timingsEnvironment({ ...TIMINGS, createDeadlineMs }),
      CRASH_AT: crashAt,
    },
    onLine: (line) => lines.push(line),
  });
  await untilLine(child, /worker is ready/, { what: 'the worker', timeoutMs: 30_000 });
  return { child, lines };
}
