import type { Fault } from '../../../src/services/faults/fault-plan.ts';
import type { CarrierFaults } from './carrier-service.ts';

/**
 * Faults of single parcels, by the beginning of their ids: `late` has its first create wait until it is told to commit;
 * `refused` is told so although its label is printed, and then its lists are old (`refused-old`) or fail until mended.
 */
export function scriptFaults() {
  const waiting = new Map<string, () => void>();
  const created = new Set<string>();
  const mended = new Set<string>();
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
          if (!parcelId.startsWith('refused') || !created.has(parcelId) || mended.has(parcelId)) return undefined;
          return fault(parcelId.startsWith('refused-old') ? 'stale-read' : 'error-500');
        default:
          return undefined;
      }
    },
    delay: (parcelId) => new Promise<void>((commit) => waiting.set(parcelId, commit)),
    commitNow(parcelId: string) {
      waiting.get(parcelId)?.();
    },
    mendLists(parcelId: string) {
      mended.add(parcelId);
    },
    /** When its labels were last asked for, epoch milliseconds; 0: never. */
    lastListMs: (parcelId: string) => lastListMs.get(parcelId) ?? 0,
  } satisfies CarrierFaults & Record<string, unknown>;
}
