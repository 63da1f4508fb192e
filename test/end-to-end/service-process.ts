import { fileURLToPath } from 'node:url';
import { type Child, startChild } from '../../src/processes/start-child.ts';
import { untilLine } from '../../src/processes/until-ready.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A service as users run it, in a process of its own, once it listens. */
export async function startServiceProcess(service: {
  readonly name: 'ticket system' | 'account API';
  /** Its settings, beside what every program needs. */
  readonly settings: Readonly<Record<string, string>>;
  readonly onLine?: (line: string) => void;
}): Promise<Child> {
  const { name, settings, onLine = () => undefined } = service;
  const child = await startChild({
    name: `the ${name}`,
    command: process.execPath,
    args: ['scripts/run.mjs', `src/services/${name.replace(' ', '-').toLowerCase()}/main.ts`],
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, LOG_LEVEL: 'error', ...settings },
    onLine,
  });
  await untilLine(child, new RegExp(`${name} listens on`), { what: 'its address', timeoutMs: 30_000 });
  return child;
}
