import { createTestOutput } from '../../../src/starter/output.fixture.ts';
import { runStarter as run } from '../../../src/starter/run-starter.ts';
import type { StarterEnd } from './starter-process.ts';

/** Runs `npm run starter -- <args>` in this process: starting one takes longer than most of these commands do. */
export async function runStarter(args: readonly string[], settings: NodeJS.ProcessEnv): Promise<StarterEnd> {
  const { output, stdoutLines, stderrLines } = createTestOutput();
  const exitCode = await run(args, { detach: new AbortController().signal, env: settings, output });
  return { exitCode, stdout: stdoutLines(), stderr: stderrLines() };
}
