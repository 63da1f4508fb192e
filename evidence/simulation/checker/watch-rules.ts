import type { WatchConclusion } from 'exactly-one';
import { boundMs, type OrderRecord } from './records.ts';

/** What a late watch does, and how it ends. */
export function watchRules(order: OrderRecord) {
  const { timings, report } = order;
  return {
    watchStarted(promisedId: string) {
      order.watched.add(promisedId);
    },

    watchVoidRequested(itemId: string, keep: string | null, promisedId: string) {
      if (keep !== promisedId || itemId === promisedId) {
        report('keeper', `the watch voids ${itemId} and keeps ${keep ?? 'none'}, but ${promisedId} is promised`);
      }
    },

    watchContinues(sawPromisedVoided: boolean) {
      if (sawPromisedVoided) report('watch', 'it continues although it has seen its promised ticket voided');
    },

    watchEnded(
      { kind, voidedItemIds }: WatchConclusion,
      watch: {
        /** The tickets that it has voided. */
        readonly voided: ReadonlySet<string>;
        readonly promisedId: string;
        readonly sawPromisedVoided: boolean;
        readonly orderHasCompleted: boolean;
        /** Since it started, or since the last fault. */
        readonly tookMs: number;
      },
    ) {
      const reported = voidedItemIds.toSorted().join(', ') || 'none';
      const voided = [...watch.voided].sort().join(', ') || 'none';
      if (reported !== voided) report('result', `a late watch reports ${reported} as voided, but voided ${voided}`);
      if (watch.tookMs > boundMs(timings)) report('I7', `a late watch ended ${watch.tookMs} ms after the last fault`);
      // What a person says may be wrong. The watch then finds out, and ends.
      if (order.wrongClaims.has(watch.promisedId)) return;
      if (watch.sawPromisedVoided !== (kind === 'promised item gone')) {
        report(
          'watch',
          `it ended with "${kind}", but has seen its promised ticket ${watch.sawPromisedVoided ? 'voided' : 'live'}`,
        );
      }
      if (watch.orderHasCompleted && kind !== 'watched' && !order.promisedIsRemoved) {
        report('watch', `it ended with "${kind}"`);
      }
    },
  };
}
