import { setImmediate as otherWork } from 'node:timers/promises';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import fastify, { type FastifyInstance } from 'fastify';
import type { TSchema } from 'typebox';

declare module 'fastify' {
  interface FastifySchema {
    /** The body in the OpenAPI document, for a route that checks its body itself. */
    documentedBody?: TSchema;
  }
}

const PAGE = '/docs';
const PAGE_PATHS = [
  PAGE,
  `${PAGE}/`,
  `${PAGE}/json`,
  `${PAGE}/yaml`,
  ...[
    'favicon-16x16.png',
    'favicon-32x32.png',
    'index.css',
    'logo.svg',
    'oauth2-redirect.html',
    'oauth2-redirect.js',
    'swagger-initializer.js',
    'swagger-ui-bundle.js',
    'swagger-ui-standalone-preset.js',
    'swagger-ui.css',
  ].map((file) => `${PAGE}/static/${file}`),
];

/** A document as it is sent. */
interface Page {
  readonly type: string;
  readonly body: Buffer;
}

/**
 * Serves the OpenAPI document of the routes that are added from now on, and a page that shows it. Both are made once, at
 * the first request, and then served from memory.
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
    transform: ({ schema: { documentedBody, ...schema } = {}, url }) => ({
      schema: documentedBody === undefined ? schema : { ...schema, body: documentedBody },
      url,
    }),
  });
  const documents = once(() => readDocuments(app));
  for (const path of ['/openapi.json', ...PAGE_PATHS]) {
    app.get(path, { schema: { hide: true } }, async (_request, reply) => {
      const found = (await documents()).get(path);
      if (found === undefined) throw new Error(`${path} is not part of the documentation`);
      return reply.type(found.type).send(found.body);
    });
  }
}

/**
 * Reads the documents from a server that is never listened to, since the page is made to be served from its files. It lets
 * other work run in between.
 */
async function readDocuments(app: FastifyInstance): Promise<ReadonlyMap<string, Page>> {
  const document = JSON.stringify(app.swagger());
  await otherWork();
  const server = fastify();
  await server.register(swagger, { mode: 'static', specification: { document: JSON.parse(document) } });
  await otherWork();
  await server.register(swaggerUi, { routePrefix: PAGE });
  try {
    const pages = new Map<string, Page>();
    for (const path of PAGE_PATHS) {
      await otherWork();
      const { statusCode, headers, rawPayload } = await server.inject(path);
      if (statusCode !== 200) throw new Error(`${path} of the documentation cannot be read: ${statusCode}`);
      pages.set(path, { type: String(headers['content-type']), body: rawPayload });
    }
    return pages.set('/openapi.json', {
      type: 'application/json; charset=utf-8',
      body: Buffer.from(document),
    });
  } finally {
    await server.close();
  }
}

/** Makes a value at the first call. A failure is not kept. */
function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
