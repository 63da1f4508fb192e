import { colors } from '../../src/platform/logging/colors.ts';
import { play } from './play.ts';
import { generateScenario, guaranteeOf } from './scenario/generate-scenario.ts';
import type { Found } from './search.ts';
import { shrink } from './shrink.ts';

/** Tells the scenario of one seed, whole, and shrunk when it is broken. */
export async function replayCommand(seed: number): Promise<number> {
  const scenario = generateScenario(seed);
  const { violation, lines } = await play(scenario, { tells: true });
  console.log(`seed ${seed}, guarantee ${scenario.guarantee}\n`);
  for (const line of lines) console.log(line);
  if (violation === undefined) {
    console.log(colors.green('\nevery invariant held'));
    return 0;
  }
  console.log(colors.red(`\nbroken: ${violation.what}`));
  await tellFound({ seed, violation });
  return 1;
}

/** Tells the shrunk scenario of a seed that is broken, line by line, and how to see it again. */
export async function tellFound({ seed, violation }: Found): Promise<void> {
  const shrunk = await shrink(generateScenario(seed), violation);
  const { lines } = await play(shrunk, { tells: true });
  console.log(colors.red(`\nseed ${seed}, guarantee ${guaranteeOf(seed)}, broken: ${violation.what}`));
  console.log('\nits scenario, shrunk to what is needed:\n');
  for (const line of lines) console.log(line);
  console.log(`\nthe whole scenario: npm run simulate -- --seed ${seed}`);
}
