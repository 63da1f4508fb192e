import { setTimeout as pause } from 'node:timers/promises';
import { counted } from '../../src/contracts/counted.ts';
import { type Column, textTable } from '../../src/platform/terminal/text-table.ts';
import { percentile } from '../../testbed/percentile.ts';
import { withBenchServer } from './bench-server.ts';
import { type OwnOptions, startOrders } from './our-contenders.ts';
import type { Progress } from './progress.ts';
import { idsOf } from './rounds.ts';

/** All that were submitted are on their way by then, and creates are in flight. */
const KILL_AFTER_ENDS = 0.2;

/** How long orders took to end whose worker was killed and started again at once. */
export interface Recovery {
  /** The preset of the ticket system's faults. */
  readonly faults: string;
  readonly orders: number;
  /** Orders that were open when the worker was killed. */
  readonly open: number;
  /** From the kill until the new worker was ready, in milliseconds. */
  readonly readyMs: number;
  /** From the kill until such an order ended, in milliseconds. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
  readonly failed: number;
}

/**
 * Submits orders at once, kills the worker when a fifth of them has ended, starts another one, and measures how long the
 * others take.
 */
export async function measureRecovery(
  orders: number,
  options: OwnOptions,
  { narrator, signal }: Progress,
): Promise<Recovery> {
  return withBenchServer(async (server) => {
    const running = await startOrders(server, options);
    try {
      await running.run('warm-up');
      const endsAt: number[] = [];
      let failed = 0;
      const ended = (isSuccess: boolean) => {
        endsAt.push(performance.now());
        if (!isSuccess) failed += 1;
      };
      const all = idsOf('recovery', orders).map((id) =>
        running.run(id).then(
          () => ended(true),
          () => ended(false),
        ),
      );
      while (endsAt.length < KILL_AFTER_ENDS * orders) {
        signal.throwIfAborted();
        await pause(5);
      }
      const before = endsAt.length;
      const killedAt = performance.now();
      await running.killWorkers();
      narrator.step(`faults ${options.faults}: worker killed with ${counted(orders - before, 'order')} open`);
      await running.startWorkers();
      const readyMs = performance.now() - killedAt;
      await narrator.during('the end of all orders', Promise.all(all));
      const tookMs = endsAt.slice(before).map((endedAt) => endedAt - killedAt);
      return {
        faults: options.faults,
        orders,
        open: tookMs.length,
        readyMs,
        p50Ms: percentile(tookMs, 0.5),
        p95Ms: percentile(tookMs, 0.95),
        maxMs: percentile(tookMs, 1),
        failed,
      };
    } finally {
      await running.stop();
    }
  });
}

export function recoveryReport({ faults, open, readyMs, p50Ms, p95Ms, maxMs, failed }: Recovery): readonly string[] {
  const right = (title: string): Column => ({ title, align: 'right' });
  const columns = [{ title: 'faults' }, ...['open', 'worker ready', 'p50', 'p95', 'last', 'failed'].map(right)];
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
  const row = [faults, String(open), ...[readyMs, p50Ms, p95Ms, maxMs].map(seconds), String(failed)];
  return ['', ...textTable(columns, [row]), '', 'from SIGKILL of the worker until the orders that were open had ended'];
}
