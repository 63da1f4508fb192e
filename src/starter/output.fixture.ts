import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { createOutput } from './output.ts';

/** An output that keeps what is printed, without colours. It is not a terminal. */
export function createTestOutput() {
  const stdout = collectText();
  const stderr = collectText();
  return {
    output: createOutput(stdout.stream, stderr.stream),
    stdoutLines: stdout.lines,
    stderrLines: stderr.lines,
  };
}

function collectText() {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  /** Every line so far, without the line feeds. */
  const lines = (): readonly string[] => stripVTControlCharacters(text).split('\n').slice(0, -1);
  return { stream, lines };
}
