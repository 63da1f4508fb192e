import type { Client } from '@temporalio/client';
import { connectClient } from '../platform/temporal/connect.ts';
import { unlessAborted } from './detach.ts';
import type { Kind } from './kind.ts';
import type { Output } from './output.ts';

/** What every command of the starter works with. */
export interface Session {
  readonly client: Client;
  readonly output: Output;
  /** Aborted when the user stops waiting. What was submitted keeps running. */
  readonly detach: AbortSignal;
}

/** Connects to Temporal, runs a command, and returns its exit code. */
export async function withSession(
  env: NodeJS.ProcessEnv,
  { output, detach }: Omit<Session, 'client'>,
  command: (session: Session) => Promise<number>,
): Promise<number> {
  const connecting = connectClient({ env });
  const connected = await unlessAborted(connecting, detach);
  if (connected === 'aborted') {
    // Nobody waits for the connection any more.
    connecting.then(({ connection }) => connection.close()).catch(() => undefined);
    output.note('stopped while connecting to Temporal: nothing was submitted or changed');
    return 1;
  }
  const { client, connection } = connected;
  try {
    return await command({ client, output, detach });
  } finally {
    await connection.close();
  }
}

/** Reports that an id does not exist, and returns the exit code for that. */
export function notFound(
  { client, output }: Session,
  { name, notFoundHint }: Pick<Kind<never, never, never>, 'name' | 'notFoundHint'>,
  id: string,
): number {
  output.note(`${name} ${id} does not exist in the namespace ${client.options.namespace}; ${notFoundHint(id)}`);
  return 1;
}
