import type { FastifyInstance, RouteOptions } from 'fastify';

/** Requests that were accepted and are still being handled, even if the client has left. */
export interface RequestsInFlight {
  count(): number;
  /** Resolves once there are none. */
  none(): Promise<void>;
  /** Counts work that goes on after its request was answered. */
  during(work: Promise<unknown>): void;
  /** Counts the requests to all routes that are added to this scope from now on. */
  countRoutes(scope: FastifyInstance): void;
}

export function createRequestsInFlight(): RequestsInFlight {
  let count = 0;
  let waiting: (() => void)[] = [];

  function finish(): void {
    count -= 1;
    if (count > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  }

  return {
    count: () => count,
    none() {
      return count === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve));
    },
    during(work) {
      count += 1;
      void work.catch(() => undefined).finally(finish);
    },
    countRoutes(scope) {
      scope.addHook('onRoute', (route: RouteOptions) => {
        const handler = route.handler;
        route.handler = async function counted(request, reply) {
          count += 1;
          try {
            return await handler.call(this, request, reply);
          } finally {
            finish();
          }
        };
      });
    },
  };
}
