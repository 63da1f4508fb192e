import type { EndedOrder, LateVoids } from '../../testbed/follow-orders.ts';
import type { Narrator } from '../../testbed/narrator.ts';
import { orderIds, playOrders } from '../../testbed/play-orders.ts';
import type { Stage } from '../../testbed/stage.ts';
import type { DemoOptions, DemoResult } from './options.ts';
import { report } from './report.ts';

const LIKELIHOODS = [
  { preset: 'rare', percent: 1 },
  { preset: 'more-likely', percent: 10 },
  { preset: 'pretty-likely', percent: 50 },
  { preset: 'very-likely', percent: 80 },
] as const;

/** Errors everywhere, ever more likely: orders take longer and send more, and end with one ticket all the same. */
export async function errors(stage: Stage, narrator: Narrator, options: DemoOptions): Promise<DemoResult> {
  const { seed, mode, orders = 3 } = options;
  const likelihoods = LIKELIHOODS.filter(({ preset }) => options.faults === undefined || options.faults === preset);
  await stage.startWorker();
  const ended: EndedOrder[] = [];
  const lateVoids = new Map<string, readonly string[]>();
  const rows: string[] = [];
  let sendsBefore = 0;

  for (const { preset, percent } of likelihoods) {
    narrator.heading(`${percent} % of all calls fail (${preset})`);
    await stage.setFaults({ seed, preset });
    const begunAt = performance.now();
    const played: { ended: readonly EndedOrder[]; lateVoids: LateVoids } = await playOrders(
      stage,
      orderIds(stage, orders, ended.length + 1),
      narrator,
    );
    ended.push(...played.ended);
    for (const [orderId, voided] of played.lateVoids) lateVoids.set(orderId, voided);
    const { sends } = (await stage.audit()).counts;
    const seconds = ((performance.now() - begunAt) / 1_000).toFixed(1);
    rows.push(`${String(percent).padStart(7)} %  ${String(sends - sendsBefore).padStart(12)}  ${seconds.padStart(7)}`);
    sendsBefore = sends;
  }
  narrator.heading('likelihood  creates sent  seconds');
  for (const row of rows) narrator.line(row);
  return report(stage, { ended, lateVoids }, narrator, {
    seed,
    mode,
    faults: likelihoods.map(({ preset }) => preset).join(', '),
  });
}
