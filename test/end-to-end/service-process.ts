import type { Child } from '../../src/platform/processes/start-child.ts';
import { startProgram } from '../../src/platform/processes/start-program.ts';
import { untilLine } from '../../src/platform/processes/until-ready.ts';

/** A service as users run it, in a process of its own, once it listens. */
export async function startServiceProcess(service: {
  readonly name: 'ticket system' | 'account API';
  /** Its settings, beside what every program needs. */
  readonly settings: Readonly<Record<string, string>>;
  readonly onLine?: (line: string) => void;
}): Promise<Child> {
  const { name, settings, onLine = () => undefined } = service;
  const child = await startProgram({
    name: `the ${name}`,
    program: `src/services/${name.replace(' ', '-').toLowerCase()}/main.ts`,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, LOG_LEVEL: 'error', ...settings },
    onLine,
  });
  await untilLine(child, new RegExp(`${name} listens on`), { what: 'its address', timeoutMs: 30_000 });
  return child;
}
