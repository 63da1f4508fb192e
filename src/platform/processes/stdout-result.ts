import { errorCode, errorMessage } from '../../contracts/errors.ts';

let isResult = false;
let isWatched = false;

/**
 * From now on, what this process prints on stdout is its result: it exits with 1 and a message if that could not be
 * written. A reader that has seen enough, such as `head`, is no failure.
 */
export function stdoutIsResult(): void {
  isResult = true;
  watch();
}

/** From now on, what this process prints on stdout is only its log. */
export function stdoutIsLog(): void {
  isResult = false;
}

export const isStdoutResult = () => isResult;

function watch(): void {
  if (isWatched) return;
  isWatched = true;
  const { stdout } = process;
  let failure: unknown;
  stdout.on('error', (error) => {
    failure ??= error;
  });
  process.once('exit', () => {
    const error = failure ?? stdout.errored;
    if (!isResult || !error || errorCode(error) === 'EPIPE') return;
    console.error(`standard output could not be written: ${errorMessage(error)}`);
    process.exitCode ||= 1;
  });
}
