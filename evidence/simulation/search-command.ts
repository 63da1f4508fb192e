import { colors } from '../../src/platform/logging/colors.ts';
import { printBrokenSeed } from './replay-command.ts';
import type { SearchOptions } from './search.ts';
import { searchOnThreads } from './search-on-threads.ts';

/**
 * Plays many scenarios, and prints the first that violates an invariant.
 * @returns the exit code: 0 when every invariant held, otherwise 1
 */
export async function searchCommand(options: SearchOptions, threads: number): Promise<number> {
  const progress = showProgress(options.seeds);
  const broken = await searchOnThreads(options, threads, progress.add);
  const { played, seconds } = progress.end();
  const guarantees = options.guarantee === undefined ? 'all three guarantees' : `guarantee ${options.guarantee}`;
  const perSecond = Math.round(played / seconds);
  console.log(`played ${played} scenarios of ${guarantees} in ${seconds.toFixed(1)} s, ${perSecond} per second`);
  if (broken === undefined) {
    console.log(colors.green('every invariant held'));
    return 0;
  }
  await printBrokenSeed(broken);
  return 1;
}

const TERMINAL_INTERVAL_MS = 200;
const PIPE_INTERVAL_MS = 10_000;

/** Shows progress on stderr: one line that is updated on a terminal, and a line now and then otherwise. */
function showProgress(total: number, stream: NodeJS.WriteStream = process.stderr) {
  const startedAtMs = performance.now();
  let played = 0;
  const seconds = () => (performance.now() - startedAtMs) / 1_000;
  const show = () => {
    const line = `${played} of ${total} scenarios played, ${Math.round(seconds())} s`;
    stream.write(stream.isTTY ? `\r\x1b[2K${line}` : `${line}\n`);
  };
  const interval = setInterval(show, stream.isTTY ? TERMINAL_INTERVAL_MS : PIPE_INTERVAL_MS);
  return {
    add(count: number) {
      played += count;
    },
    end() {
      clearInterval(interval);
      if (stream.isTTY) stream.write('\r\x1b[2K');
      return { played, seconds: seconds() };
    },
  };
}
