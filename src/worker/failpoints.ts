import { subscribe } from 'node:diagnostics_channel';
import { ClientRequest } from 'node:http';
import type { ActivityInboundCallsInterceptor, InjectedSinks } from '@temporalio/worker';
import type { TicketSystem } from '../clients/ticket-system.ts';
import type { ReachFailpoint } from '../platform/failpoints/failpoint.ts';
import type { Failpoint } from '../platform/failpoints/failpoints.ts';
import type { FailpointSinks } from '../platform/failpoints/workflow-interceptor.ts';
import type { WorkerExtensions } from './create-worker.ts';

/** The module to bundle with the workflows of an armed worker. */
export const FAILPOINT_INTERCEPTOR = 'src/platform/failpoints/workflow-interceptor.ts';

/** The extensions through which orders reach the failpoints of an armed worker. No other worker has them. */
export function failpointExtensions(reachFailpoint: ReachFailpoint): WorkerExtensions {
  const held = new Map<string, Promise<never>>();
  const reach: ReachFailpoint = (point, orderId) => {
    const untilDeath = reachFailpoint(point, orderId);
    if (untilDeath !== undefined) held.set(orderId, untilDeath);
    return untilDeath;
  };
  reachWhenSent(reach);
  return {
    wrapTicketSystem: (client) => reachBeforeSend(client, reach),
    interceptors: {
      activity: [
        ({ info }) => ({ inbound: reachBeforeReport(info.activityType, reach) }),
        () => ({ inbound: keepsSilent((orderId) => held.get(orderId)) }),
      ],
    },
    sinks: {
      // The workflow id of an order is its order id.
      failpoints: { reach: { fn: ({ workflowId }, point) => reach(point, workflowId) } },
    } satisfies InjectedSinks<FailpointSinks>,
  };
}

function reachBeforeSend(client: TicketSystem, reach: ReachFailpoint): TicketSystem {
  return {
    ...client,
    async listTickets(orderId, call) {
      await reach('validate.before-send', orderId);
      return client.listTickets(orderId, call);
    },
    async createTicket(create, call) {
      await reach('create.before-send', create.orderId);
      return client.createTicket(create, call);
    },
    async voidTicket(voiding, call) {
      await reach('void.before-send', voiding.orderId);
      return client.voidTicket(voiding, call);
    },
  };
}

/** Node publishes a request when its last bytes are handed to the socket; it has finished when the kernel has them. */
function reachWhenSent(reach: ReachFailpoint): void {
  subscribe('http.client.request.start', (message) => {
    const request = typeof message === 'object' && message !== null && 'request' in message && message.request;
    if (!(request instanceof ClientRequest)) return;
    const sent = sentBy(request);
    if (sent === undefined) return;
    request.once('finish', () => {
      // The response of an order that is held must not be read.
      if (reach(sent.point, sent.orderId) !== undefined) request.socket?.pause();
    });
  });
}

/** The failpoint of a request, recognised by its method and its path. */
function sentBy({ method, path }: ClientRequest): { point: Failpoint; orderId: string } | undefined {
  const [, orderId, isVoid] = /\/orders\/([^/]+)\/tickets(\/[^/]+\/void)?$/.exec(path) ?? [];
  if (orderId === undefined) return undefined;
  if (isVoid !== undefined) return { point: 'void.sent', orderId };
  return { point: method === 'POST' ? 'create.sent' : 'validate.sent', orderId };
}

const BEFORE_REPORT: ReadonlyMap<string, Failpoint> = new Map([
  ['validateTicket', 'validate.before-report'],
  ['createTicket', 'create.before-report'],
  ['voidTicket', 'void.before-report'],
]);

function reachBeforeReport(activityType: string, reach: ReachFailpoint): ActivityInboundCallsInterceptor {
  const point = BEFORE_REPORT.get(activityType);
  if (point === undefined) return {};
  return {
    async execute(input, next) {
      const beforeReport = async () => {
        const [, request] = input.args;
        if (isAboutOrder(request)) await reach(point, request.orderId);
      };
      try {
        const result = await next(input);
        await beforeReport();
        return result;
      } catch (error) {
        // A create reports its outcome by a failure too; any other failure says that nothing is known yet.
        if (activityType === 'createTicket') await beforeReport();
        throw error;
      }
    },
  };
}

/** An order that is held reports nothing, also not that its request has timed out meanwhile. */
function keepsSilent(heldAt: (orderId: string) => Promise<never> | undefined): ActivityInboundCallsInterceptor {
  return {
    async execute(input, next) {
      try {
        return await next(input);
      } finally {
        const [, request] = input.args;
        if (isAboutOrder(request)) await heldAt(request.orderId);
      }
    },
  };
}

function isAboutOrder(request: unknown): request is { orderId: string } {
  return typeof request === 'object' && request !== null && 'orderId' in request && typeof request.orderId === 'string';
}
