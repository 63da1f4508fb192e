import { existsSync, readFileSync } from 'node:fs';

/** An order that the script has ended, and how it says so. */
export interface DoneOrder {
  readonly orderId: string;
  readonly said: 'ticket' | 'failure';
  /** Epoch milliseconds. */
  readonly atMs: number;
}

/** A line of the file in which the script notes what is done. */
export function doneLine({ orderId, said, atMs }: DoneOrder): string {
  return `${orderId} ${said} ${atMs}\n`;
}

/** What is noted in the file; nothing when there is none yet. Each line is one write, which a kill does not cut. */
export function readDone(file: string): readonly DoneOrder[] {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [orderId = '', said, atMs] = line.split(' ');
      return { orderId, said: said === 'ticket' ? 'ticket' : 'failure', atMs: Number(atMs) };
    });
}
