import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

/** A stream that keeps what is printed on it: a pipe, or a terminal with so many columns. */
export function capturedStream(columns?: number) {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  return {
    stream: columns === undefined ? stream : Object.assign(stream, { isTTY: true, columns }),
    /** The lines so far, without colours. */
    lines: (): readonly string[] => stripVTControlCharacters(text).trimEnd().split('\n'),
  };
}
