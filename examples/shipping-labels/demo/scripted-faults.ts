import type { Fault } from '../../../src/services/faults/fault-plan.ts';
import type { CarrierFaults } from './carrier-service.ts';

/**
 * Faults of single parcels, by the beginning of their ids. The first create of `late...` waits for `commitNow`. A create of
 * `refused...` prints a label and then responds with a refusal; after it, lists are stale (`refused-old...`) or fail until
 * `restoreLists`.
 */
export function scriptFaults() {
  const waiting = new Map<string, () => void>();
  const created = new Set<string>();
  const restored = new Set<string>();
  const lastListMs = new Map<string, number>();
  const fault = (kind: Fault['kind']): Fault => ({ kind, delayMs: Number.POSITIVE_INFINITY, variant: 0 });

  return {
    decide(point, parcelId) {
      switch (point) {
        case 'create.late-commit': {
          const isFirst = !created.has(parcelId);
          created.add(parcelId);
          return isFirst && parcelId.startsWith('late') ? fault('delay') : undefined;
        }
        case 'create.after-commit':
          return parcelId.startsWith('refused') ? fault('error-4xx') : undefined;
        case 'list':
          lastListMs.set(parcelId, Date.now());
          if (!parcelId.startsWith('refused') || !created.has(parcelId) || restored.has(parcelId)) return undefined;
          return fault(parcelId.startsWith('refused-old') ? 'stale-read' : 'error-500');
        default:
          return undefined;
      }
    },
    delay: (parcelId) => new Promise<void>((commit) => waiting.set(parcelId, commit)),
    commitNow(parcelId: string) {
      waiting.get(parcelId)?.();
    },
    restoreLists(parcelId: string) {
      restored.add(parcelId);
    },
    /** When its labels were last listed, in epoch milliseconds; 0 if never. */
    lastListMs: (parcelId: string) => lastListMs.get(parcelId) ?? 0,
  } satisfies CarrierFaults & Record<string, unknown>;
}
