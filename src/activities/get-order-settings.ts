import type { OrderSettings } from '../contracts/order.ts';
import type { TicketActivities } from '../contracts/ticket-activities.ts';

/** Hands the worker's timings to an order, once; its history keeps them, whatever later workers are set to. */
export function getOrderSettings(settings: OrderSettings): TicketActivities['getOrderSettings'] {
  return async () => settings;
}
