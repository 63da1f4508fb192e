import { expect } from '@jest/globals';
import { GUARANTEES, type Guarantee } from 'exactly-one';
import { type Failpoint, type FailpointProcess, failpointsOf } from '../../src/platform/failpoints/failpoints.ts';
import { deadlineIn, startTicketSystem } from '../../src/services/ticket-system/ticket-system.fixture.ts';

/** An order that reaches this failpoint when its process dies. */
export interface CrashOrder {
  readonly point: Failpoint;
  readonly orderId: string;
  /** Of its reservation; undefined: the reservation does not exist before the order starts. */
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

/** Gives the orders a reservation with their guarantee, and the tickets that they start with. */
export async function prepareOrders(databaseDir: string, orders: readonly CrashOrder[]): Promise<void> {
  for (const guarantee of GUARANTEES) {
    const system = await startTicketSystem({ databaseDir, guarantee });
    for (const { point, orderId } of orders.filter((order) => order.guarantee === guarantee)) {
      const reservationId = await system.reserve(orderId);
      for (let index = 0; index < initialTickets(point); index += 1) {
        const headers = { ...deadlineIn(10_000), 'idempotency-key': `${orderId}-${index}` };
        expect((await system.create(orderId, reservationId, headers)).statusCode).toBe(201);
      }
    }
    await system.app.close();
  }
}

/** An order whose failpoint lies at a void starts with one ticket too many. */
export function initialTickets(point: Failpoint): number {
  return point.startsWith('void.') || point === 'task.void' ? 2 : 0;
}
