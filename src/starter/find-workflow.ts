import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { describeWorkflow } from 'exactly-one/client';
import { transferIdOf } from '../contracts/ids.ts';
import { readId, WrongUse } from './ids.ts';
import type { Kind } from './kind.ts';
import { orderKind } from './order.ts';
import type { Session } from './session.ts';
import { transferKind } from './transfer.ts';

/** Which kind of workflow the user says that an id belongs to. */
export interface KindGiven {
  readonly order?: boolean;
  readonly transfer?: boolean;
}

/** An order or a transfer that exists. */
export interface Found<Result, Progress> {
  readonly kind: Kind<never, Result, Progress>;
  readonly id: string;
  readonly described: WorkflowExecutionDescription;
}

/** A command for whatever kind of workflow an id belongs to. */
export type CommandOnAnyKind = <Result, Progress>(found: Found<Result, Progress>) => Promise<number>;

/** What an id may mean. */
interface Meanings {
  readonly orderId: string | undefined;
  readonly transferId: string | undefined;
}

/**
 * What an id may mean, before anything is asked of Temporal: `transfer-rent-1` is the transfer `rent-1`; anything else is
 * an order (`7` is short for `order-7`), or a transfer by the id that was given with `--id`.
 * @throws WrongUse when the id is not valid
 */
export function meaningsOf(given: string, { order = false, transfer = false }: KindGiven): Meanings {
  if (order && transfer) throw new WrongUse('use either --order or --transfer, not both');
  const workflowsTransferId = transferIdOf(given);
  if (workflowsTransferId !== undefined && !order) return { orderId: undefined, transferId: workflowsTransferId };
  if (transfer) return { orderId: undefined, transferId: readId(transferKind.ids, given) };
  const orderId = readId(orderKind.ids, given);
  return { orderId, transferId: order ? undefined : given };
}

/**
 * Runs a command on the order or transfer that has an id, and reports an id that does not exist.
 * @returns the exit code of the command, or 1 when there is neither an order nor a transfer with this id
 * @throws WrongUse when there are both
 */
export async function onWorkflow(
  { client, output }: Session,
  given: string,
  { orderId, transferId }: Meanings,
  command: CommandOnAnyKind,
): Promise<number> {
  const [order, transfer] = await Promise.all([
    orderId === undefined ? undefined : find(client, orderKind, orderId),
    transferId === undefined ? undefined : find(client, transferKind, transferId),
  ]);
  if (order !== undefined && transfer !== undefined) {
    throw new WrongUse(
      [
        `${given} is both an order and a transfer; say which one you mean:`,
        `  the order ${order.id}: add --order`,
        `  the transfer ${transfer.id}: add --transfer, or call it ${transferKind.workflowId(transfer.id)}`,
      ].join('\n'),
    );
  }
  if (order !== undefined) return command(order);
  if (transfer !== undefined) return command(transfer);
  output.note(notFoundText({ orderId, transferId }, client.options.namespace));
  return 1;
}

async function find<Result, Progress>(
  client: Client,
  kind: Kind<never, Result, Progress>,
  id: string,
): Promise<Found<Result, Progress> | undefined> {
  const described = await describeWorkflow(client, kind.workflowId(id));
  return described && { kind, id, described };
}

function notFoundText({ orderId, transferId }: Meanings, namespace: string): string {
  const names = [
    ...(orderId === undefined ? [] : [`order ${orderId}`]),
    ...(transferId === undefined ? [] : [`transfer ${transferId}`]),
  ];
  const lists = [
    ...(orderId === undefined ? [] : ['npm run starter -- list']),
    ...(transferId === undefined ? [] : ['npm run starter -- list --transfers']),
  ];
  return `there is no ${names.join(' and no ')} in the namespace ${namespace}; see ${lists.join(' or ')}`;
}
