import { type Column, textTable } from '../../src/platform/terminal/text-table.ts';
import { count } from '../../testbed/number-text.ts';
import { withBenchServer } from './bench-server.ts';
import { closedLoop } from './closed-loop.ts';
import { type OwnOptions, startOrders } from './our-contenders.ts';
import { memoryOf } from './processor-time.ts';
import type { Progress } from './progress.ts';
import { idsOf } from './rounds.ts';

const CONCURRENCY = 32;
const SAMPLES = 20;

/** The memory of the processes after a number of orders, in bytes; undefined where the system does not say. */
export interface MemorySample {
  readonly orders: number;
  readonly workerBytes: number | undefined;
  readonly servicesBytes: number | undefined;
  /** Per second, since the sample before. */
  readonly perSecond: number;
}

/** Runs orders, 32 at once, and samples the memory of the worker and of the ticket system twenty times. */
export async function measureMemory(
  orders: number,
  options: OwnOptions,
  { narrator, signal }: Progress,
): Promise<readonly MemorySample[]> {
  return withBenchServer(async (server) => {
    const running = await startOrders(server, options);
    try {
      const samples: MemorySample[] = [];
      const perSample = Math.ceil(orders / SAMPLES);
      for (let done = 0; done < orders; done += perSample) {
        signal.throwIfAborted();
        const ids = idsOf(`memory-${done}`, Math.min(perSample, orders - done));
        const loop = closedLoop(ids, CONCURRENCY, running.run);
        const { tookMs, errors } = await narrator.during(`${count(done)} of ${count(orders)} orders`, loop);
        if (errors.length > 0) throw errors[0];
        const bytesOf = (role: string) => memoryOf(running.processes.find((each) => each.role === role)?.pid ?? 0);
        samples.push({
          orders: done + ids.length,
          workerBytes: bytesOf('worker'),
          servicesBytes: bytesOf('services'),
          perSecond: ids.length / (tookMs / 1_000),
        });
      }
      return samples;
    } finally {
      await running.stop();
    }
  });
}

export function memoryReport(samples: readonly MemorySample[]): readonly string[] {
  const right = (title: string): Column => ({ title, align: 'right' });
  const megabytes = (bytes: number | undefined) => (bytes === undefined ? '-' : `${(bytes / 2 ** 20).toFixed(0)} MB`);
  const rows = samples.map(({ orders, workerBytes, servicesBytes, perSecond }) => [
    count(orders),
    megabytes(workerBytes),
    megabytes(servicesBytes),
    perSecond.toFixed(1),
  ]);
  return ['', ...textTable(['orders', 'worker', 'ticket system', '/s'].map(right), rows)];
}
