import { exactlyOneActivities } from 'exactly-one/activities';
import type { Carrier } from './carrier.ts';

/** The activities by the names under which the workflow calls them. */
export function createActivities(carrier: Carrier) {
  const labels = exactlyOneActivities({ ...carrier, wording: { item: 'label', service: 'carrier' } });
  return { createLabel: labels.create, listLabels: labels.list, voidLabel: labels.void };
}

export type LabelActivities = ReturnType<typeof createActivities>;
