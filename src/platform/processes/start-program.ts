import { WITHOUT_ENV_FILE } from './minimal-environment.ts';
import { PROJECT_FOLDER } from './project-folder.ts';
import { type Child, startChild } from './start-child.ts';

/**
 * Starts a program of this repository, from its source, in a child process.
 * @param program such as `src/worker/main.ts`
 * @param root the folder that contains the source; default this repository
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
  /** The complete environment: `.env` is not read. */
  readonly env: NodeJS.ProcessEnv;
  readonly root?: string | undefined;
  readonly onLine?: (line: string) => void;
}): Promise<Child> {
  return startChild({
    name,
    command: process.execPath,
    args: ['scripts/run.mjs', program, ...args],
    cwd: root,
    env: { ...env, ...WITHOUT_ENV_FILE },
    onLine,
  });
}
