import type { FastifyInstance, RouteOptions } from 'fastify';
import { HttpProblem } from './http-problem.ts';

/** Collects the routes that are added from now on; what it returns answers 405 for all their other methods. */
export function collectMethods(app: FastifyInstance): (refusing: FastifyInstance) => void {
  const methods = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }: RouteOptions) => {
    const known = methods.get(url) ?? new Set();
    for (const one of [method].flat()) known.add(one);
    methods.set(url, known);
  });
  return (refusing) => {
    for (const [url, known] of [...methods]) refuseOthers(refusing, url, [...known].sort());
  };
}

function refuseOthers(app: FastifyInstance, url: string, allowed: readonly string[]): void {
  const refuse = async (): Promise<never> => {
    const message = `this path knows ${allowed.join(', ')} only`;
    throw new HttpProblem(405, 'METHOD_NOT_ALLOWED', message, { Allow: allowed.join(', ') });
  };
  app.route({
    method: app.supportedMethods.filter((method) => !allowed.includes(method)),
    url,
    schema: { hide: true },
    // Before the body is looked at: a wrong method is wrong whatever it carries.
    onRequest: refuse,
    handler: refuse,
  });
}
