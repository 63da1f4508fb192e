import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';

/**
 * Serves the OpenAPI document of the routes that are added from now on, and a page that shows it.
 * @param bearer the name by which routes require a bearer token; default: no route requires one
 */
export async function serveOpenApi(
  app: FastifyInstance,
  { bearer, ...info }: { readonly title: string; readonly description: string; readonly bearer?: string },
): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { ...info, version: '1' },
      ...(bearer === undefined
        ? {}
        : { components: { securitySchemes: { [bearer]: { type: 'http', scheme: 'bearer' } } } }),
    },
  });
  await app.register(swaggerUi, { routePrefix: '/docs' });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
}
