import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** An order that the script has finished, and what it reported. */
export interface FinishedOrder {
  readonly orderId: string;
  readonly reported: 'ticket' | 'failure';
  /** Epoch milliseconds. */
  readonly atMs: number;
}

/** Adds an order to the script's file. Each line is a single write, so a kill never leaves half a line. */
export function addFinished(file: string, { orderId, reported, atMs }: FinishedOrder): void {
  appendFileSync(file, `${orderId} ${reported} ${atMs}\n`);
}

/** The orders in the script's file; none if there is no file yet. */
export function readFinished(file: string): readonly FinishedOrder[] {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [orderId = '', reported, atMs] = line.split(' ');
      return { orderId, reported: reported === 'ticket' ? 'ticket' : 'failure', atMs: Number(atMs) };
    });
}
