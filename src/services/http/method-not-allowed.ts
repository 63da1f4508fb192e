import type { FastifyInstance, RouteOptions } from 'fastify';
import { HttpProblem } from './http-problem.ts';

/**
 * Remembers the routes that are added from now on.
 * @returns a function that makes all other methods of their paths respond with 405
 */
export function collectMethods(app: FastifyInstance): (refusing: FastifyInstance) => void {
  const methods = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }: RouteOptions) => {
    const ofPath = methods.get(url) ?? new Set();
    for (const one of [method].flat()) ofPath.add(one);
    methods.set(url, ofPath);
  });
  return (refusing) => {
    for (const [url, ofPath] of [...methods]) refuseOthers(refusing, url, [...ofPath].sort());
  };
}

function refuseOthers(app: FastifyInstance, url: string, allowed: readonly string[]): void {
  const refuse = async (): Promise<never> => {
    const message = `this path allows only ${allowed.join(', ')}`;
    throw new HttpProblem(405, 'METHOD_NOT_ALLOWED', message, { Allow: allowed.join(', ') });
  };
  app.route({
    method: app.supportedMethods.filter((method) => !allowed.includes(method)),
    url,
    schema: { hide: true },
    // Before the body is read: a wrong method is wrong with any body.
    onRequest: refuse,
    handler: refuse,
  });
}
