import { createHash } from 'node:crypto';

/** Numbers in [0, 1) that look random and come in the same order for the same seed. */
export function seededRandom(seed: number): () => number {
  let drawn = 0;
  return () => {
    drawn += 1;
    return createHash('sha256').update(`${seed} ${drawn}`).digest().readUIntBE(0, 6) / 2 ** 48;
  };
}
