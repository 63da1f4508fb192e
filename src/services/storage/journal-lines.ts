import { constants } from 'node:fs';
import { errorCode } from '../../contracts/errors.ts';
import { openRegularFile } from '../../platform/files/open-regular-file.ts';

/** A longer line counts as damage, so reading needs bounded memory. */
const MAX_LINE_BYTES = 1_048_576;
const NEWLINE = 0x0a;

const CLOSING_BRACE = 0x7d;

type JournalLine =
  /** Only the newline of a last line may be missing. */
  | { readonly state: 'complete'; readonly number: number; readonly entry: unknown; readonly hasNewline: boolean }
  | { readonly state: 'damaged'; readonly number: number; readonly reason: string }
  /** A part of the last line is missing: its writer died while writing, before it reported the line as written. */
  | { readonly state: 'torn'; readonly number: number; readonly startsAtByte: number };

/**
 * Reads a journal as a stream of lines. A journal that does not exist has no lines.
 * @throws OddFileError if it is anything but a regular file
 */
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
    if (rest.length > MAX_LINE_BYTES) {
      yield { state: 'damaged', number, reason: `the line is longer than ${MAX_LINE_BYTES} bytes` };
      return;
    }
  }
  if (rest.length > 0) yield parseLastLine(rest, number, startsAtByte);
}

/**
 * A last line without a newline. A line is a JSON object, and no proper prefix of a JSON object is JSON, so a line that
 * can be read up to its closing brace lacks nothing but the newline.
 */
function parseLastLine(bytes: Buffer, number: number, startsAtByte: number): JournalLine {
  if (bytes.at(-1) === CLOSING_BRACE) {
    const line = parseLine(bytes, number);
    if (line.state === 'complete') return { ...line, hasNewline: false };
  }
  // A torn write ends before the newline. Nothing but a newline is ever written after the closing brace.
  if (parseLine(bytes.subarray(0, -1), number).state === 'complete') {
    return { state: 'damaged', number, reason: 'the line ends with a byte other than a newline' };
  }
  return { state: 'torn', number, startsAtByte };
}

async function* chunksOf(path: string): AsyncGenerator<Buffer> {
  try {
    const file = await openRegularFile(path, constants.O_RDONLY);
    yield* file.createReadStream();
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

function parseLine(bytes: Buffer, number: number): JournalLine {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { state: 'complete', number, entry: JSON.parse(text), hasNewline: true };
  } catch {
    return { state: 'damaged', number, reason: 'the line is not JSON' };
  }
}
