import { Runtime, type RuntimeOptions } from '@temporalio/worker';

/**
 * Installs the runtime of Temporal's SDK that this test file needs. There is one in a process, and an earlier test file may
 * have installed another.
 */
export async function installRuntime(options: RuntimeOptions): Promise<void> {
  await Runtime.instance().shutdown();
  Runtime.install(options);
}
