import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { compileMutant } from './compile-mutant.ts';
import type { Mutant } from './mutants.ts';
import type { Found } from './search.ts';
import { searchOnThread } from './search-on-threads.ts';

export interface Hunted {
  readonly mutant: Mutant;
  /** How the simulation killed it; undefined: it survived. */
  readonly killedBy: Found | 'hangs' | 'breaks down' | undefined;
}

/** A mutant may run for ever without a turn of the event loop: that is a death too. */
const LONGEST_HUNT_MS = 120_000;

/**
 * Plays scenarios against each mutant until one is broken.
 * @param options.seeds a mutant that lives through so many seeds has survived
 * @param onHunted is told of each as soon as its fate is known
 * @returns all of them, in the order of the list
 */
export async function huntMutants(
  mutants: readonly Mutant[],
  { fromSeed, seeds, threads }: { readonly fromSeed: number; readonly seeds: number; readonly threads: number },
  onHunted: (hunted: Hunted) => void,
): Promise<readonly Hunted[]> {
  const folder = await mkdtemp(join(tmpdir(), 'mutants-'));
  const hunt = async (mutant: Mutant, index: number): Promise<Hunted> => {
    const program = join(folder, `${index}.mjs`);
    await compileMutant(mutant, program);
    const search = searchOnThread(program, { fromSeed, seeds }, { timeoutMs: LONGEST_HUNT_MS });
    // What the mutant throws is its own business: it was found out.
    const killedBy = await search.catch(() => 'breaks down' as const);
    const hunted = { mutant, killedBy };
    onHunted(hunted);
    return hunted;
  };
  try {
    const limit = pLimit(threads);
    return await Promise.all(mutants.map((mutant, index) => limit(() => hunt(mutant, index))));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
