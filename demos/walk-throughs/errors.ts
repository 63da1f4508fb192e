import { counted } from '../../src/contracts/counted.ts';
import { type Column, textTable } from '../../src/platform/terminal/text-table.ts';
import { type EndedOrder, orderIds, playOrders } from '../../testbed/play-orders.ts';
import type { Stage } from '../../testbed/stage.ts';
import type { DemoNarrator } from './acts.ts';
import type { DemoOptions, DemoResult } from './options.ts';
import { report } from './report.ts';

const LIKELIHOODS = [
  { preset: 'rare', percent: 1 },
  { preset: 'more-likely', percent: 10 },
  { preset: 'pretty-likely', percent: 50 },
  { preset: 'very-likely', percent: 80 },
] as const;

/** What `--faults` may name. */
export const LIKELIHOOD_PRESETS = Object.fromEntries(LIKELIHOODS.map(({ preset, percent }) => [preset, percent]));

const COLUMNS: readonly Column[] = ['calls that fail', 'create requests', 'seconds'].map((title) => ({
  title,
  align: 'right',
}));

/** Errors become more and more likely: orders take longer and send more creates, but still end with one ticket each. */
export async function errors(stage: Stage, narrator: DemoNarrator, options: DemoOptions): Promise<DemoResult> {
  const { seed, mode, orders = 3 } = options;
  const likelihoods = LIKELIHOODS.filter(({ preset }) => options.faults === undefined || options.faults === preset);
  await narrator.during('starting a worker', stage.startWorker());
  const ended: EndedOrder[] = [];
  const lateVoids = new Map<string, readonly string[]>();
  const rows: string[][] = [];
  let requestsBefore = 0;

  for (const { preset, percent } of likelihoods) {
    await narrator.act(
      `${percent} % of all calls fail`,
      `${counted(orders, 'order')} with the fault preset ${preset}: calls fail before or after they take effect, respond with nonsense, or never respond.`,
    );
    await stage.setFaults({ seed, preset });
    const startedAt = performance.now();
    const played = await playOrders(stage, orderIds(stage, orders, ended.length + 1), narrator);
    ended.push(...played.ended);
    for (const [orderId, voided] of played.lateVoids) lateVoids.set(orderId, voided);
    const { sends } = (await stage.audit()).counts;
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    rows.push([`${percent} %`, String(sends - requestsBefore), seconds]);
    requestsBefore = sends;
  }
  narrator.line();
  for (const line of textTable(COLUMNS, rows)) narrator.line(line);
  return report(stage, { ended, lateVoids }, narrator, {
    seed,
    mode,
    faults: likelihoods.map(({ preset }) => preset).join(', '),
  });
}
