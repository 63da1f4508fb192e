import type { Child } from '../src/platform/processes/start-child.ts';
import { startProgram } from '../src/platform/processes/start-program.ts';
import { untilLine } from '../src/platform/processes/until-ready.ts';
import { type DevServer, type DevServerOptions, startDevServer } from '../src/platform/temporal/dev-server.ts';
import { findTemporalCli } from '../src/platform/temporal/find-cli.ts';
import { OUR_SEARCH_ATTRIBUTES } from '../src/platform/temporal/search-attributes.ts';

const READY_WITHIN_MS = 60_000;

/** The URL of a service that does not exist: nothing listens on this port. */
export const UNREACHABLE_URL = 'http://127.0.0.1:9';

const SERVICES = {
  'ticket system': { program: 'src/services/ticket-system/main.ts', portSetting: 'TICKET_SYSTEM_PORT' },
  'account API': { program: 'src/services/account-api/main.ts', portSetting: 'ACCOUNT_API_PORT' },
} as const;

interface ProcessOptions {
  /** The complete environment of the process. */
  readonly env: NodeJS.ProcessEnv;
  /** Called with each line that the process prints. */
  readonly onLine?: (line: string) => void;
}

/**
 * Starts a development server on free ports, with the search attributes of orders and transfers.
 * @param options as for the product's own server; by default without a web UI
 */
export async function startTemporalServer(options: Partial<DevServerOptions> = {}): Promise<DevServer> {
  const cliPath = await findTemporalCli();
  return startDevServer({ cliPath, uiPort: 'none', searchAttributes: OUR_SEARCH_ATTRIBUTES, ...options });
}

/**
 * Starts a service in a process of its own and waits until it listens.
 * @param port default any free one
 */
export async function startService({
  service,
  port = 0,
  env,
  onLine = () => undefined,
}: ProcessOptions & {
  readonly service: keyof typeof SERVICES;
  readonly port?: number;
}): Promise<{ readonly child: Child; readonly url: string }> {
  const { program, portSetting } = SERVICES[service];
  const name = `the ${service}`;
  const child = await startProgram({ name, program, env: { ...env, [portSetting]: String(port) }, onLine });
  const [, url = ''] = await readyLine(child, /listens on (http[^\s"]+)/);
  return { child, url };
}

/** The source of a worker. */
export interface WorkerProgram {
  /** The project folder; default this project. */
  readonly root?: string;
  /** Default the product's worker. */
  readonly file?: string;
}

/** Starts a worker in a process of its own, its metrics on a free port, and waits until it polls for tasks. */
export async function startWorker({
  root,
  file = 'src/worker/main.ts',
  env,
  onLine = () => undefined,
}: ProcessOptions & WorkerProgram): Promise<Child> {
  const child = await startProgram({
    name: 'the worker',
    program: file,
    env: { ...env, METRICS_ADDRESS: '127.0.0.1:0' },
    root,
    onLine,
  });
  await readyLine(child, /worker is ready/);
  return child;
}

/** Waits for the line by which a process says that it is ready; a process that never prints it is killed. */
async function readyLine(child: Child, line: RegExp): Promise<RegExpExecArray> {
  try {
    return await untilLine(child, line, { what: `a line that matches ${line}`, timeoutMs: READY_WITHIN_MS });
  } catch (error) {
    await child.kill();
    throw error;
  }
}
