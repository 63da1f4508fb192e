import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type DevServer, startDevServer } from './dev-server.ts';
import { OUR_SEARCH_ATTRIBUTES } from './search-attributes.ts';

/** Where clients look for a server when the environment names none. */
const EMBEDDED_PORT = 7233;
const EMBEDDED_UI_PORT = 8233;

export interface EmbeddedServerOptions {
  readonly cliPath: string;
  /** The folder of everything that is kept; the server's file lies in its folder `temporal`. */
  readonly databaseDir: string;
  /** 0 takes a free one; default 7233. */
  readonly port?: number;
  /** 0 takes a free one; default 8233. */
  readonly uiPort?: number;
  readonly namespace?: string | undefined;
  readonly onLine?: (line: string) => void;
}

/**
 * Starts the development server that keeps its state in the database folder, with the search attributes of orders.
 * @throws PortTakenError, NotReadyError, or the file system's error when the folder cannot be made
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
