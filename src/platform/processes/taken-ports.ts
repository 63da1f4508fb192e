import { createServer } from 'node:net';
import { errorCode } from '../../contracts/errors.ts';

/** A port that a program is about to listen on. */
export interface NeededPort {
  readonly host: string;
  /** 0 uses any free one. */
  readonly port: number;
  /** What it is for, such as `the ticket system`. */
  readonly use: string;
  /** The setting that moves it. */
  readonly setting: string;
  /** What the setting must be for any free port; default `0`. */
  readonly anyFree?: string;
  /** What else can be done, as a sentence. */
  readonly otherwise?: string;
}

/** Ports that are needed are taken; the message names them, what they are for and the settings that move them. */
export class PortsTakenError extends Error {
  override readonly name = 'PortsTakenError';
}

/** The address of the Prometheus metrics as a port that a worker needs. */
export function metricsPort(metricsAddress: string): NeededPort {
  const { hostname, port } = new URL(`http://${metricsAddress}`);
  return {
    host: hostname,
    port: Number(port || 80),
    use: "the worker's metrics",
    setting: 'METRICS_ADDRESS',
    anyFree: `${hostname}:0`,
  };
}

/** The ports that another program listens on, in the given order. Another program may take one at any time. */
export async function takenPorts(ports: readonly NeededPort[]): Promise<readonly NeededPort[]> {
  const taken = await Promise.all(ports.map(isTaken));
  return ports.filter((_, index) => taken[index]);
}

/**
 * Makes sure that the ports are free before anything is started.
 * @throws PortsTakenError that lists all that are not
 */
export async function refuseTakenPorts(ports: readonly NeededPort[]): Promise<void> {
  const [first, ...more] = await takenPorts(ports);
  if (first === undefined) return;
  throw new PortsTakenError(more.length === 0 ? takenPortMessage(first) : tableOf([first, ...more]));
}

/** Says in one line which port is taken, and what to do. */
export function takenPortMessage({ host, port, use, setting, anyFree = '0', otherwise }: NeededPort): string {
  const remedy = `set ${setting} to another one, or to ${anyFree} for any free one`;
  return `port ${port} on ${host}, for ${use}, is taken: ${remedy}${otherwise === undefined ? '' : `. ${otherwise}`}`;
}

function tableOf(ports: readonly NeededPort[]): string {
  const rows = ports.map(({ host, port, use, setting }) => [`${host}:${port}`, use, setting]);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return [
    'Other programs use these ports:',
    ...rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('   ')}`),
    'Stop those programs, or set these settings to other ports, best in .env, so that',
    'every program uses them. If npm start runs in another terminal, use that one.',
    ...ports.flatMap(({ otherwise }) => otherwise ?? []),
  ].join('\n');
}

function isTaken({ host, port }: NeededPort): Promise<boolean> {
  if (port === 0) return Promise.resolve(false);
  return new Promise((resolve) => {
    const server = createServer()
      .once('error', (error) => resolve(errorCode(error) === 'EADDRINUSE'))
      .listen({ host: host.replace(/^\[(.*)\]$/, '$1'), port, exclusive: true }, () =>
        server.close(() => resolve(false)),
      );
  });
}
