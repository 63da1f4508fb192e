const ON_A_TERMINAL_MS = 1_000;
const ON_A_PIPE_MS = 10_000;

/**
 * Says on stderr that something long runs and for how many seconds: in place on a terminal, on a pipe a line now and then.
 * @param {string} what such as `installing packages (npm ci)`
 * @param {NodeJS.WriteStream} stream default stderr, so that the program's own output stays clean
 * @returns {{ done(result: string): void }} `done` ends it with a line that has the result and the seconds it took
 */
export function showProgress(what, stream = process.stderr) {
  const startedAt = performance.now();
  const seconds = () => Math.round((performance.now() - startedAt) / 1_000);
  const say = (line) => stream.write(stream.isTTY ? `\r\x1b[2K${line}` : `${line}\n`);
  say(`${what} ...`);
  const ticking = setInterval(() => say(`${what} ... ${seconds()} s`), stream.isTTY ? ON_A_TERMINAL_MS : ON_A_PIPE_MS);
  return {
    done(result) {
      clearInterval(ticking);
      say(`${what}: ${result} (${seconds()} s)${stream.isTTY ? '\n' : ''}`);
    },
  };
}
