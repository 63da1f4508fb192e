import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../contracts/errors.ts';
import { lockFolder } from '../files/folder-lock.ts';
import { refuseOddFile, refuseOddFolder } from '../files/open-regular-file.ts';
import type { NeededPort } from '../processes/taken-ports.ts';
import { DEV_SERVER_HOST, type DevServer, startDevServer } from './dev-server.ts';
import { OUR_SEARCH_ATTRIBUTES } from './search-attributes.ts';

const LOCK_NAME = '.dev-server.lock';

export interface EmbeddedServerOptions {
  readonly cliPath: string;
  /** The database folder; the server's file is in its subfolder `temporal`. */
  readonly databaseDir: string;
  /** 0 uses a free port. Clients use 7233, or `TEMPORAL_PORT`, when the environment names no server. */
  readonly port: number;
  /** 0 uses a free port. */
  readonly uiPort: number;
  readonly namespace?: string | undefined;
  readonly onLine?: (line: string) => void;
}

/**
 * Starts the development server with its state in the database folder and with the search attributes of this application.
 * The server itself holds the lock of its folder: two servers would overwrite each other's state.
 * @throws FolderInUseError, OddFileError, LockUnavailableError, PortTakenError, NotReadyError, or the file system's error
 *   when the folder cannot be created
 */
export async function startEmbeddedServer({
  databaseDir,
  namespace,
  ...options
}: EmbeddedServerOptions): Promise<DevServer> {
  const folder = join(databaseDir, 'temporal');
  const databaseFile = join(folder, 'dev-server.db');
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(unless('EEXIST'));
  refuseOddFolder(folder);
  await refuseOddFile(databaseFile).catch(unless('ENOENT'));
  const { file } = await lockFolder(folder, LOCK_NAME);
  try {
    return await startDevServer({
      ...options,
      databaseFile,
      inheritedFile: file.fd,
      searchAttributes: OUR_SEARCH_ATTRIBUTES,
      ...(namespace && { namespace }),
    });
  } finally {
    // From here on the server alone keeps it open.
    await file.close();
  }
}

/** The ports that the embedded server needs, and the settings that move them. */
export function embeddedServerPorts(settings: {
  readonly temporalPort: number;
  readonly temporalUiPort: number;
}): readonly NeededPort[] {
  const host = DEV_SERVER_HOST;
  const port = settings.temporalPort;
  const otherwise = `If a Temporal server listens there, use it: TEMPORAL_ADDRESS=${host}:${port}`;
  return [
    { host, port, use: 'the Temporal server', setting: 'TEMPORAL_PORT', otherwise },
    { host, port: settings.temporalUiPort, use: "Temporal's UI", setting: 'TEMPORAL_UI_PORT' },
  ];
}

/** For an error with this code, nothing has to be done. */
function unless(code: string): (error: unknown) => void {
  return (error) => {
    if (errorCode(error) !== code) throw error;
  };
}
