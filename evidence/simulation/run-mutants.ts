import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { compileMutant } from './compile-mutant.ts';
import type { Mutant } from './mutants.ts';
import type { BrokenSeed } from './search.ts';
import { searchWithProgram } from './search-on-threads.ts';

export interface MutantResult {
  readonly mutant: Mutant;
  /** What gave the mutant away; undefined: it survived. */
  readonly foundBy: BrokenSeed | 'timed out' | 'failed' | undefined;
}

/** A mutant may loop forever within one turn of the event loop. That also counts as found. */
const TIMEOUT_MS = 120_000;

/**
 * Plays scenarios against each mutant until one violates an invariant.
 * @param options.seeds a mutant has survived when all of these scenarios keep every invariant
 * @param onResult called for each mutant as soon as its result is known
 * @returns all results, in the order of the mutants
 */
export async function runMutants(
  mutants: readonly Mutant[],
  { fromSeed, seeds, threads }: { readonly fromSeed: number; readonly seeds: number; readonly threads: number },
  onResult: (result: MutantResult) => void,
): Promise<readonly MutantResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'mutants-'));
  const run = async (mutant: Mutant, index: number): Promise<MutantResult> => {
    const program = join(folder, `${index}.mjs`);
    await compileMutant(mutant, program);
    const search = searchWithProgram(program, { fromSeed, seeds, timeoutMs: TIMEOUT_MS });
    // Whatever error a mutant throws, it has given itself away.
    const foundBy = await search.catch(() => 'failed' as const);
    const result = { mutant, foundBy };
    onResult(result);
    return result;
  };
  try {
    const limit = pLimit(threads);
    return await Promise.all(mutants.map((mutant, index) => limit(() => run(mutant, index))));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
