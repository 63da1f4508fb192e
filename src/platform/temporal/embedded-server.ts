import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type DevServer, startDevServer } from './dev-server.ts';
import { OUR_SEARCH_ATTRIBUTES } from './search-attributes.ts';

/** Clients use this port when the environment names no server. */
const EMBEDDED_PORT = 7233;
const EMBEDDED_UI_PORT = 8233;

export interface EmbeddedServerOptions {
  readonly cliPath: string;
  /** The database folder; the server's file is in its subfolder `temporal`. */
  readonly databaseDir: string;
  /** 0 uses a free port; default 7233. */
  readonly port?: number;
  /** 0 uses a free port; default 8233. */
  readonly uiPort?: number;
  readonly namespace?: string | undefined;
  readonly onLine?: (line: string) => void;
}

/**
 * Starts the development server with its state in the database folder and with the search attributes of this application.
 * @throws PortTakenError, NotReadyError, or the file system's error when the folder cannot be created
 */
export async function startEmbeddedServer({
  databaseDir,
  namespace,
  port = EMBEDDED_PORT,
  uiPort = EMBEDDED_UI_PORT,
  ...options
}: EmbeddedServerOptions): Promise<DevServer> {
  const folder = join(databaseDir, 'temporal');
  await mkdir(folder, { recursive: true });
  return startDevServer({
    ...options,
    port,
    uiPort,
    databaseFile: join(folder, 'dev-server.db'),
    searchAttributes: OUR_SEARCH_ATTRIBUTES,
    ...(namespace && { namespace }),
  });
}
