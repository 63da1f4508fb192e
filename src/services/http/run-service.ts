import type { Command } from 'commander';
import type { FastifyInstance } from 'fastify';
import { errorCode, errorMessage } from '../../contracts/errors.ts';
import { runCommandLine } from '../../platform/processes/command-line.ts';
import { exitSoon } from '../../platform/processes/exit-soon.ts';
import { exitWithParent } from '../../platform/processes/exit-with-parent.ts';
import { onStopSignals } from '../../platform/processes/on-stop-signals.ts';
import { type NeededPort, takenPortMessage } from '../../platform/processes/taken-ports.ts';
import { printError } from '../../platform/terminal/print.ts';

const HOST = '127.0.0.1';

/** The levels at which fastify logs its address. */
const LOGS_INFO: readonly string[] = ['trace', 'debug', 'info'];

/** A service cannot start; the message says why and what to do. */
class StartError extends Error {
  override readonly name = 'StartError';
}

interface Service {
  /** For people, such as `ticket system`. */
  readonly name: string;
  readonly app: FastifyInstance;
  readonly port: NeededPort;
}

/** The port of a service on loopback, and the setting that moves it. */
export function servicePort(port: number, setting: string): NeededPort {
  return { host: HOST, port, use: 'its HTTP API', setting };
}

/**
 * Listens on loopback and prints the address. Stops gracefully on a signal, or when the parent process is gone; a
 * second signal stops it at once.
 * @throws StartError if it cannot listen
 */
export async function runService(service: Service): Promise<void> {
  const { app, name } = service;
  const stop = () =>
    app.close().then(
      () => exitSoon(0),
      (error: unknown) => {
        app.log.error({ err: error }, 'stopping failed');
        return exitSoon(1);
      },
    );
  onStopSignals(
    () => void stop(),
    () => process.exit(1),
  );
  exitWithParent(stop);
  const address = await listen(service);
  // The log says so, unless its level hides that. The program that started the service waits for one of the two lines.
  if (!LOGS_INFO.includes(app.log.level)) console.log(listens(name, address));
}

const listens = (name: string, address: string) => `${name} listens on ${address}`;

async function listen({ app, name, port: needed }: Service): Promise<string> {
  const { host, port, setting } = needed;
  try {
    return await app.listen({ host, port, listenTextResolver: (address) => listens(name, address) });
  } catch (error) {
    await app.close();
    const code = errorCode(error);
    const remedy = `set ${setting} to another port, or to 0 for any free one`;
    throw new StartError(
      code === 'EADDRINUSE'
        ? takenPortMessage(needed)
        : `port ${port} on ${host} cannot be used (${code ?? error}): ${remedy}`,
      { cause: error },
    );
  }
}

/**
 * Starts a service, unless its command line asks for help or is wrong. An error is printed as one line on stderr, and the
 * process exits with 1.
 */
export async function startOrExit(name: string, commandLine: Command, start: () => Promise<void>): Promise<void> {
  try {
    let starts = false;
    const exitCode = await runCommandLine(commandLine, process.argv.slice(2), async () => {
      starts = true;
      await start();
      return 0;
    });
    if (!starts) await exitSoon(exitCode);
  } catch (error) {
    for (const line of errorMessage(error).split('\n')) {
      printError(line.startsWith(name) ? line : `${name}: ${line}`);
    }
    await exitSoon(1);
  }
}
