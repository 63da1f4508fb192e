const ON_A_TERMINAL_MS = 200;
const ON_A_PIPE_MS = 10_000;

/** Shows on stderr how many scenarios were played: in place on a terminal, on a pipe a line now and then. */
export function showPlayed(total: number, stream: NodeJS.WriteStream = process.stderr) {
  const startedAt = performance.now();
  let count = 0;
  const seconds = () => (performance.now() - startedAt) / 1_000;
  const show = () => {
    const line = `${count} of ${total} scenarios played, ${Math.round(seconds())} s`;
    stream.write(stream.isTTY ? `\r\x1b[2K${line}` : `${line}\n`);
  };
  const ticking = setInterval(show, stream.isTTY ? ON_A_TERMINAL_MS : ON_A_PIPE_MS);
  return {
    played(more: number) {
      count += more;
    },
    end() {
      clearInterval(ticking);
      if (stream.isTTY) stream.write('\r\x1b[2K');
      return { count, seconds: seconds() };
    },
  };
}
