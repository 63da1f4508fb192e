import type { Writable } from 'node:stream';
import { errorCode } from '../../contracts/errors.ts';

/** Takes lines and never waits for their reader. */
export interface LogOutput {
  /** @param line with its line feed */
  write(line: string): void;
}

/** What may wait for a reader. After that, lines are dropped until the reader has caught up. */
const MAX_WAITING_BYTES = 1_048_576;

/**
 * Writes log lines to a stream without ever blocking the program: if nobody reads them, or the disk is full, lines are
 * dropped and counted, and a line reports their number as soon as writing is possible again.
 * @param report the line, with its line feed, that reports how many were dropped
 * @param maxWaitingBytes default 1 MiB
 */
export function createLogOutput(
  stream: Writable,
  report: (dropped: number) => string,
  maxWaitingBytes = MAX_WAITING_BYTES,
): LogOutput {
  let dropped = 0;
  let stalled = false;
  let closed = false;
  let watched = false;

  const send = (line: string) => {
    const before = dropped;
    dropped = 0;
    stream.write(before === 0 ? line : `${report(before)}${line}`, (error) => {
      if (error) dropped += before + (line === '' ? 0 : 1);
    });
    stalled = stream.writableLength > maxWaitingBytes;
  };
  const watch = () => {
    watched = true;
    neverBlock(stream);
    // A failed write is counted by its callback. Without a listener, the error would end the program.
    stream.on('error', (error) => {
      closed = errorCode(error) === 'EPIPE';
    });
    stream.on('drain', () => {
      stalled = false;
      if (dropped > 0) send('');
    });
  };
  return {
    write(line) {
      if (closed) return;
      if (!watched) watch();
      if (stalled) dropped += 1;
      else send(line);
    },
  };
}

/**
 * Node writes to pipes without blocking, but not to terminals, and a terminal may be stopped (Ctrl-S) or hidden behind a
 * program that does not read it. The method has no public name; npm's `set-blocking` uses it in the same way.
 */
function neverBlock(stream: Writable & { isTTY?: boolean; _handle?: { setBlocking?(blocking: boolean): void } }): void {
  if (stream.isTTY === true) stream._handle?.setBlocking?.(false);
}
