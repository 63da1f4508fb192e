import { createReadStream } from 'node:fs';
import { errorCode } from '../../contracts/errors.ts';

/** A line longer than this is damage, so that reading needs bounded memory. */
const LONGEST_LINE_BYTES = 1_048_576;
const NEWLINE = 0x0a;

export type JournalLine =
  | { readonly state: 'whole'; readonly number: number; readonly entry: unknown }
  | { readonly state: 'damaged'; readonly number: number; readonly reason: string }
  /** The last line has no end: its writer died while it wrote. Nobody was told that it is there. */
  | { readonly state: 'torn'; readonly number: number; readonly startsAtByte: number };

/** Reads a journal line by line, as a stream. A journal that does not exist has no lines. */
export async function* readJournalLines(path: string): AsyncGenerator<JournalLine> {
  let rest: Buffer = Buffer.alloc(0);
  let startsAtByte = 0;
  let number = 1;
  for await (const chunk of chunksOf(path)) {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      yield parseLine(rest.subarray(0, end), number);
      rest = rest.subarray(end + 1);
      startsAtByte += end + 1;
      number += 1;
    }
    if (rest.length > LONGEST_LINE_BYTES) {
      yield { state: 'damaged', number, reason: `the line is longer than ${LONGEST_LINE_BYTES} bytes` };
      return;
    }
  }
  if (rest.length === 0) return;
  // A torn write stops before its line's end or at it; behind the closing brace nothing but a newline is ever written.
  if (parseLine(rest.subarray(0, -1), number).state === 'whole') {
    yield { state: 'damaged', number, reason: 'the line ends with another byte than a newline' };
  } else {
    yield { state: 'torn', number, startsAtByte };
  }
}

async function* chunksOf(path: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

function parseLine(bytes: Buffer, number: number): JournalLine {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { state: 'whole', number, entry: JSON.parse(text) };
  } catch {
    return { state: 'damaged', number, reason: 'the line is not JSON' };
  }
}
