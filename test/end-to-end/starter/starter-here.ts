import { createTestOutput } from '../../../src/starter/output.fixture.ts';
import { runStarter as run } from '../../../src/starter/run-starter.ts';
import type { StarterEnd } from './starter-process.ts';

interface Interrupting {
  /** Aborted by a test that stops waiting, as Ctrl-C does. */
  readonly signal: AbortSignal;
  /** Called with each line on stderr. */
  readonly onNote: (line: string) => void;
}

/** Runs `npm run starter -- <args>` in this process: starting one takes longer than most of these commands do. */
export async function runStarter(
  args: readonly string[],
  settings: NodeJS.ProcessEnv,
  { signal = new AbortController().signal, onNote = () => undefined }: Partial<Interrupting> = {},
): Promise<StarterEnd> {
  const { output, stdoutLines, stderrLines } = createTestOutput();
  const note = (line: string) => {
    output.note(line);
    onNote(line);
  };
  const exitCode = await run(args, { detach: signal, env: settings, output: { ...output, note } });
  return { exitCode, stdout: stdoutLines(), stderr: stderrLines() };
}
