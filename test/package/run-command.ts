import { startChild } from '../../src/platform/processes/start-child.ts';

const WITHIN_MS = 300_000;

/**
 * Runs a command to its end. It is killed after five minutes.
 * @returns the lines that it printed on stdout and stderr
 * @throws with these lines when it fails
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<readonly string[]> {
  const printed: string[] = [];
  const child = await startChild({ name: command, command, args, cwd, env, onLine: (line) => printed.push(line) });
  const timer = setTimeout(() => void child.kill(), WITHIN_MS);
  const { code, signal } = await child.exited;
  clearTimeout(timer);
  if (code === 0) return printed;
  const ending = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
  throw new Error(`${command} ${args.join(' ')} ${ending}\n${printed.join('\n')}`);
}
