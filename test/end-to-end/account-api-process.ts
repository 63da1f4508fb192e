import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../src/platform/processes/free-port.ts';
import { startServiceProcess } from './service-process.ts';

export type AccountApiProcess = Awaited<ReturnType<typeof startAccountApiProcess>>;

/** The account API as users run it, in a process of its own that can be killed and started again over the same journal. */
export async function startAccountApiProcess(faults: { readonly preset: string; readonly seed: number }) {
  const databaseDir = await mkdtemp(path.join(tmpdir(), 'account-api-process-'));
  const port = await freePort();
  const start = (preset: string) =>
    startServiceProcess({
      name: 'account API',
      settings: {
        DATABASE_DIR: databaseDir,
        ACCOUNT_API_PORT: String(port),
        FAULTS: preset,
        FAULT_SEED: String(faults.seed),
      },
    });
  let running = await start(faults.preset);
  return {
    url: `http://127.0.0.1:${port}`,
    journal: path.join(databaseDir, 'accounts', 'journal.jsonl'),
    kill: () => running.kill(),
    /** @param preset of its faults from now on */
    async restart(preset: string) {
      running = await start(preset);
    },
    async stop() {
      await running.stop(10_000);
      await rm(databaseDir, { recursive: true });
    },
  };
}
