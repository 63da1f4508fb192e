import type { Writable } from 'node:stream';

type Stream = Pick<Writable, 'write'>;
type Done = (error?: Error | null) => void;

interface WriteInterception {
  /** From now on, each write is surrounded. */
  start(): void;
  /** Writes without being surrounded. */
  pass(write: () => void): void;
  stop(): void;
}

/**
 * Surrounds each write to these streams, from anywhere in the process: several streams may be the same terminal.
 * @param before,after may write themselves. After a write that does not end its line, the line is ended.
 */
export function interceptWrites(
  streams: ReadonlySet<Stream>,
  { before, after }: { readonly before: () => void; readonly after: () => void },
): WriteInterception {
  let passing = false;
  const pass = (write: () => void) => {
    const outer = passing;
    passing = true;
    try {
      write();
    } finally {
      passing = outer;
    }
  };
  const originals = new Map<Stream, Stream['write']>();
  return {
    pass,
    start() {
      for (const stream of streams) {
        const original = stream.write;
        originals.set(stream, original);
        stream.write = (chunk: string | Uint8Array, encoding?: BufferEncoding | Done, done?: Done): boolean => {
          const write = (): boolean =>
            typeof encoding === 'function'
              ? original.call(stream, chunk, 'utf8', encoding)
              : original.call(stream, chunk, encoding ?? 'utf8', done);
          if (passing) return write();
          let result = true;
          pass(() => {
            before();
            result = write();
            if (!String(chunk).endsWith('\n')) stream.write('\n');
            after();
          });
          return result;
        };
      }
    },
    stop() {
      for (const [stream, original] of originals) stream.write = original;
      originals.clear();
    },
  };
}
