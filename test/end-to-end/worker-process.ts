import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { timingsEnvironment } from '../../src/platform/config/timings-environment.ts';
import { MINIMAL_ENVIRONMENT } from '../../src/platform/processes/minimal-environment.ts';
import { startWorker, UNREACHABLE_URL } from '../../testbed/processes.ts';
import { TIMINGS } from './order-environment.ts';

/** Workers of tests record themselves nowhere, so that `npm run worker:kill` and `npm run break` do not find them. */
const NO_DATABASE = path.join(tmpdir(), 'no-database', randomUUID());

/** A worker as users run it, in a process of its own. */
export async function startWorkerProcess(options: {
  readonly temporalAddress: string;
  readonly taskQueue: string;
  readonly ticketSystemUrl?: string;
  readonly accountApiUrl?: string;
  /** Default: trace. */
  readonly logLevel?: string;
  readonly createDeadlineMs?: number;
  /** `CRASH_AT`; default none. */
  readonly crashAt?: string;
}) {
  const lines: string[] = [];
  const { createDeadlineMs = TIMINGS.createDeadlineMs, logLevel = 'trace', crashAt = '' } = options;
  const child = await startWorker({
    env: {
      ...MINIMAL_ENVIRONMENT,
      LOG_LEVEL: logLevel,
      TEMPORAL_ADDRESS: options.temporalAddress,
      TASK_QUEUE: options.taskQueue,
      DATABASE_DIR: NO_DATABASE,
      TICKET_SYSTEM_URL: options.ticketSystemUrl ?? UNREACHABLE_URL,
      ACCOUNT_API_URL: options.accountApiUrl ?? UNREACHABLE_URL,
      ...timingsEnvironment({ ...TIMINGS, createDeadlineMs }),
      CRASH_AT: crashAt,
    },
    onLine: (line) => lines.push(line),
  });
  return { child, lines };
}
