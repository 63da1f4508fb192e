import { PROJECT_FOLDER } from './project-folder.ts';
import { type Child, startChild } from './start-child.ts';

/**
 * Starts one of our programs in a process of its own, from its source.
 * @param program such as `src/worker/main.ts`
 * @param root where the source lies; default this project
 */
export function startProgram({
  name,
  program,
  args = [],
  env,
  root = PROJECT_FOLDER,
  onLine = () => undefined,
}: {
  readonly name: string;
  readonly program: string;
  readonly args?: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly root?: string | undefined;
  readonly onLine?: (line: string) => void;
}): Promise<Child> {
  return startChild({
    name,
    command: process.execPath,
    args: ['scripts/run.mjs', program, ...args],
    cwd: root,
    env,
    onLine,
  });
}
