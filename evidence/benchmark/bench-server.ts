import path from 'node:path';
import { Client } from '@temporalio/client';
import { MINIMAL_ENVIRONMENT } from '../../src/platform/processes/minimal-environment.ts';
import { connectToOwnServer } from '../../src/platform/temporal/connect.ts';
import { ownServerSettings } from '../../src/platform/temporal/server-environment.ts';
import { startTemporalServer } from '../../testbed/processes.ts';
import { withTemporaryFolder } from '../../testbed/temporary-folder.ts';

/** A fresh Temporal server with the settings of the embedded one, and a folder of its own. */
export interface BenchServer {
  /** Without our payload converter, since it starts workflows of any worker. */
  readonly client: Client;
  /** `127.0.0.1:7233` */
  readonly address: string;
  readonly pid: number;
  readonly folder: string;
  /** The environment of a worker that belongs to this server. */
  readonly environment: NodeJS.ProcessEnv;
}

/** Calls a function with a new server, which is stopped afterwards. */
export function withBenchServer<T>(use: (server: BenchServer) => Promise<T>): Promise<T> {
  return withTemporaryFolder(async (folder) => {
    const server = await startTemporalServer({ databaseFile: path.join(folder, 'temporal.db') });
    try {
      const connection = await connectToOwnServer(server.address);
      try {
        return await use({
          client: new Client({ connection }),
          address: server.address,
          pid: server.pid,
          folder,
          environment: { ...MINIMAL_ENVIRONMENT, ...ownServerSettings(server) },
        });
      } finally {
        await connection.close();
      }
    } finally {
      await server.stop();
    }
  });
}
