import { colors } from '../platform/logging/colors.ts';
import type { LiveView } from './live-view.ts';

/** After this time it is said what is awaited. */
const SILENT_MS = 700;
const REFRESH_EVERY_MS = 250;

/** Says what is awaited, as long as that takes; on a terminal only. */
export async function during<T>({ show }: Pick<LiveView, 'show'>, what: string, work: Promise<T>): Promise<T> {
  const since = performance.now();
  const timer = setInterval(() => {
    const waitedMs = performance.now() - since;
    if (waitedMs > SILENT_MS) show([colors.dim(`… ${what} (${Math.floor(waitedMs / 1_000)} s)`)]);
  }, REFRESH_EVERY_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    show([]);
  }
}
