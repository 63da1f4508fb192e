import { colors } from '../../src/platform/logging/colors.ts';
import { play } from './play.ts';
import { generateScenario } from './scenario/generate-scenario.ts';
import type { BrokenSeed } from './search.ts';
import { shrink } from './shrink.ts';

/**
 * Plays the scenario of one seed and prints its trace. If it violates an invariant, its shrunk scenario follows.
 * @returns the exit code: 0 when every invariant held, otherwise 1
 */
export async function replayCommand(seed: number): Promise<number> {
  const scenario = generateScenario(seed);
  const { violation, trace } = await play(scenario, { trace: true });
  console.log([`seed ${seed}, guarantee ${scenario.guarantee}`, '', ...trace, ''].join('\n'));
  if (violation === undefined) {
    console.log(colors.green('every invariant held'));
    return 0;
  }
  await printBrokenSeed({ seed, violation });
  return 1;
}

/** Prints the violation of a seed, the trace of its shrunk scenario, and how to see all of it. */
export async function printBrokenSeed({ seed, violation }: BrokenSeed): Promise<void> {
  const scenario = generateScenario(seed);
  const { trace } = await play(await shrink(scenario, violation), { trace: true });
  console.log(colors.red(`seed ${seed}, guarantee ${scenario.guarantee}: violated: ${violation.what}`));
  console.log(['', 'The smallest scenario with the same violation:', '', ...trace, ''].join('\n'));
  console.log(`To see the complete scenario: npm run simulate -- --seed ${seed}`);
}
