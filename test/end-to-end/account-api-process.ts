import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../src/processes/free-port.ts';
import { type Child, startChild } from '../../src/processes/start-child.ts';
import { untilLine } from '../../src/processes/until-ready.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export type AccountApiProcess = Awaited<ReturnType<typeof startAccountApiProcess>>;

/** The account API as users run it, in a process of its own that can be killed and started again over the same journal. */
export async function startAccountApiProcess(faults: { readonly preset: string; readonly seed: number }) {
  const databaseDir = await mkdtemp(path.join(tmpdir(), 'account-api-process-'));
  const port = await freePort();
  const start = async (preset: string): Promise<Child> => {
    const child = await startChild({
      name: 'the account API',
      command: process.execPath,
      args: ['scripts/run.mjs', 'src/services/account-api/main.ts'],
      cwd: ROOT,
      env: {
        ...{ PATH: process.env.PATH, HOME: process.env.HOME, LOG_LEVEL: 'error', DATABASE_DIR: databaseDir },
        ACCOUNT_API_PORT: String(port),
        FAULTS: preset,
        FAULT_SEED: String(faults.seed),
      },
    });
    await untilLine(child, /account API listens on/, { what: 'its address', timeoutMs: 30_000 });
    return child;
  };
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
