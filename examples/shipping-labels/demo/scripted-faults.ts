import type { Fault } from '../../../src/faults/fault-plan.ts';
import type { CarrierFaults } from './carrier-service.ts';

/** Longer than anybody waits for a create, shorter than a late watch looks. */
const FAILS_FOR_MS = 3_500;

/**
 * Faults of single parcels, by the beginning of their ids: `late` has its first create commit after its fence;
 * `refused` is told so although its label is printed, and for a while its lists are old (`refused-old`) or fail.
 */
export function scriptedFaults(): CarrierFaults {
  const created = new Set<string>();
  const listsAgainAtMs = new Map<string, number>();
  const fault = (kind: Fault['kind']): Fault => ({ kind, delayMs: FAILS_FOR_MS, variant: 0 });

  return {
    decide(point, parcelId) {
      if (parcelId.startsWith('late') && point === 'create.late-commit' && !created.has(parcelId)) {
        created.add(parcelId);
        return fault('delay');
      }
      if (parcelId.startsWith('refused') && point === 'create.after-commit') {
        listsAgainAtMs.set(parcelId, Date.now() + FAILS_FOR_MS);
        return fault('error-4xx');
      }
      if (point === 'list' && Date.now() < (listsAgainAtMs.get(parcelId) ?? 0)) {
        return fault(parcelId.startsWith('refused-old') ? 'stale-read' : 'error-500');
      }
      return undefined;
    },
  };
}
