import type { OrderEvent, Trigger } from '../scenario/scenario.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** Runs actions at times that depend on what the order does. */
export interface EventSchedule {
  on(trigger: Trigger, action: () => void): void;
  emit(event: OrderEvent): void;
}

export function createEventSchedule(clock: VirtualClock): EventSchedule {
  const scheduled: { readonly trigger: Trigger; readonly action: () => void }[] = [];
  const counts: Partial<Record<OrderEvent, number>> = {};
  return {
    on(trigger, action) {
      scheduled.push({ trigger, action });
    },
    emit(event) {
      const nth = (counts[event] ?? 0) + 1;
      counts[event] = nth;
      for (const { trigger, action } of scheduled) {
        if (trigger.after === event && trigger.nth === nth) clock.at(clock.now() + trigger.delayMs, action);
      }
    },
  };
}
