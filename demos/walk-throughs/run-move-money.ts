import { colors } from '../../src/platform/logging/colors.ts';
import { MINIMAL_ENVIRONMENT } from '../../src/platform/processes/minimal-environment.ts';
import { startProgram } from '../../src/platform/processes/start-program.ts';
import type { Narrator } from '../../testbed/narrator.ts';

/**
 * Runs `npm run move-money` or `move-money-retries` with account_A, account_B and 100, and shows what it prints.
 * @param killAt kills the script when it prints a line that matches
 * @returns its exit code; null if it was killed
 */
export async function runMoveMoney(
  program: 'move-money' | 'move-money-retries',
  accountApiUrl: string,
  narrator: Narrator,
  killAt?: RegExp,
): Promise<number | null> {
  narrator.step(`$ npm run ${program} -- account_A account_B 100`);
  let killing: Promise<unknown> | undefined;
  const child = await startProgram({
    name: program,
    program: `demos/without-temporal/${program}-main.ts`,
    args: ['account_A', 'account_B', '100'],
    env: { ...MINIMAL_ENVIRONMENT, ACCOUNT_API_URL: accountApiUrl },
    onLine: (line) => {
      if (killing !== undefined) return;
      narrator.detail(colors.dim(line));
      if (killAt?.test(line)) killing = child.kill();
    },
  });
  const { code } = await narrator.during('waiting for the script', child.exited);
  if (killAt !== undefined) {
    narrator.step(code === null ? 'killed the script (SIGKILL)' : 'the script had ended before it could be killed');
  }
  return code;
}
