import { expect } from '@jest/globals';
import { GUARANTEES, type Guarantee } from 'exactly-one';
import { type Failpoint, type FailpointProcess, failpointsOf } from '../../src/platform/failpoints/failpoints.ts';
import { deadlineIn, startTicketSystem } from '../../src/services/ticket-system/ticket-system.fixture.ts';

/** An order that meets a crash at its point. */
export interface CrashOrder {
  readonly point: Failpoint;
  readonly orderId: string;
  /** What its reservation promises; undefined: it is made when the order comes by. */
  readonly guarantee: Guarantee | undefined;
}

/** An order of each guarantee for each point of a process. */
export function crashOrders(process: FailpointProcess, orderIdOf: (name: string) => string): readonly CrashOrder[] {
  return failpointsOf(process).flatMap(({ point }) =>
    (point.startsWith('reservation.') ? [undefined] : GUARANTEES).map((guarantee) => ({
      point,
      guarantee,
      orderId: orderIdOf(`${point.replace('.', '-')}-${guarantee ?? 'new'}`),
    })),
  );
}

/** What the ticket system has of the orders before they begin: a reservation with its guarantee, and their first tickets. */
export async function prepareOrders(databaseDir: string, orders: readonly CrashOrder[]): Promise<void> {
  for (const guarantee of GUARANTEES) {
    const system = await startTicketSystem({ databaseDir, guarantee });
    for (const { point, orderId } of orders.filter((order) => order.guarantee === guarantee)) {
      const reservationId = await system.reserve(orderId);
      for (let index = 0; index < ticketsAtFirst(point); index += 1) {
        const headers = { ...deadlineIn(10_000), 'idempotency-key': `${orderId}-${index}` };
        expect((await system.create(orderId, reservationId, headers)).statusCode).toBe(201);
      }
    }
    await system.app.close();
  }
}

/** An order that is to meet its crash at a void begins with one ticket too many. */
export function ticketsAtFirst(point: Failpoint): number {
  return point.startsWith('void.') || point === 'task.void' ? 2 : 0;
}
