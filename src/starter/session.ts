import type { Client } from '@temporalio/client';
import { readSettings } from '../platform/config/settings.ts';
import { connectClient } from '../platform/temporal/connect.ts';
import { unlessAborted } from './detach.ts';
import type { Output } from './output.ts';
import { findTemporalUi, type TemporalUi } from './temporal-ui.ts';

/** What every command of the starter works with. */
export interface Session {
  readonly client: Client;
  readonly taskQueue: string;
  readonly ticketSystemUrl: string;
  /** The setting `SEARCH_ATTRIBUTES`. */
  readonly searchAttributes: boolean;
  readonly output: Output;
  /** Aborted when the user stops waiting. What was submitted keeps running. */
  readonly detach: AbortSignal;
  /** Temporal's UI; undefined when its address is not known. */
  readonly temporalUi: () => Promise<TemporalUi | undefined>;
}

/**
 * Connects to Temporal, runs a command, and returns its exit code.
 * @throws SettingsError when a setting is wrong
 */
export async function withSession(
  env: NodeJS.ProcessEnv,
  { output, detach }: Pick<Session, 'output' | 'detach'>,
  command: (session: Session) => Promise<number>,
): Promise<number> {
  const settings = readSettings(env);
  const { taskQueue, ticketSystemUrl, searchAttributes } = settings;
  const connecting = connectClient({ env, warn: output.note });
  const connected = await unlessAborted(connecting, detach);
  if (connected === 'aborted') {
    // Nobody waits for the connection any more.
    connecting.then(({ connection }) => connection.close()).catch(() => undefined);
    output.note('stopped while connecting to Temporal: nothing was submitted or changed');
    return 1;
  }
  const { client, connection, address, namespace } = connected;
  let ui: Promise<TemporalUi | undefined> | undefined;
  const temporalUi = () => {
    ui ??= findTemporalUi(settings, address, namespace);
    return ui;
  };
  try {
    return await command({ client, taskQueue, ticketSystemUrl, searchAttributes, output, detach, temporalUi });
  } finally {
    await connection.close();
  }
}
