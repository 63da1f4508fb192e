import { createHash } from 'node:crypto';

/** 64 bits: a flipped byte goes unnoticed once in 10^19 times. It holds off accidents, not forgers. */
const CHECK_DIGITS = 16;

/** A record as a line of the journal: with a checksum of all the rest, so that no damage reads as another record. */
export function sealed(record: object): object {
  return { ...record, check: checkOf(record) };
}

/**
 * The record of a line.
 * @throws Error when its checksum does not fit
 */
export function unsealed(line: unknown): object {
  if (typeof line !== 'object' || line === null || !('check' in line)) throw new Error('the line has no checksum');
  const { check, ...record } = line;
  if (check !== checkOf(record)) throw new Error('the checksum does not fit the line');
  return record;
}

/** Properties keep their order from writing to reading, so the text is the same. */
function checkOf(record: object): string {
  return createHash('sha256').update(JSON.stringify(record)).digest('hex').slice(0, CHECK_DIGITS);
}
