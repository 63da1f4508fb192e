import type { Moment, Occasion } from '../scenario/scenario.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** Lets things happen at moments that are counted from what the order does. */
export interface Occasions {
  plan(moment: Moment, happen: () => void): void;
  /** Something happened: what waits for it is due. */
  came(occasion: Occasion): void;
}

export function createOccasions(clock: VirtualClock): Occasions {
  const planned: { readonly moment: Moment; readonly happen: () => void }[] = [];
  const counts: Partial<Record<Occasion, number>> = {};
  return {
    plan(moment, happen) {
      planned.push({ moment, happen });
    },
    came(occasion) {
      const nth = (counts[occasion] ?? 0) + 1;
      counts[occasion] = nth;
      for (const { moment, happen } of planned) {
        if (moment.after === occasion && moment.nth === nth) clock.at(clock.now() + moment.plusMs, happen);
      }
    },
  };
}
