import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type BundleOptions, bundleWorkflowCode, type Logger } from '@temporalio/worker';
import { dataConverter } from 'exactly-one/activities';
import { errorMessage } from '../contracts/errors.ts';
import { PROJECT_FOLDER } from '../platform/processes/project-folder.ts';

/** What every bundle has beside the data converter, so that nothing from outside fails a workflow task. */
const OWN_INTERCEPTORS = ['src/workflows/ignore-unknown-signals.ts', 'src/workflows/log-run.ts'];

/** Everything in this repository that workflows may import. */
const SOURCES = ['src/workflows', 'packages/exactly-one/src', 'src/contracts'];
const CACHE = path.join(PROJECT_FOLDER, 'node_modules/.cache/temporal-ticketing');
/** Ends a cached bundle, with the hash of what stands before it. */
const FOOTER = '\n// sha256: ';

interface BundleSources {
  /** The folder whose `index.ts` exports the workflows; default the application's. */
  readonly workflows?: string;
  /** Further modules that export workflow interceptors; default none. */
  readonly interceptors?: readonly string[];
}

/**
 * The workflow code, bundled for the sandbox. Bundling takes seconds, so the bundle is cached under the hash of its
 * sources, and bundled again only after one of them, or a package, has changed. A cache that is damaged or cannot be
 * written costs only time.
 */
export async function workflowBundle({
  workflows = 'src/workflows',
  interceptors = [],
  logger,
}: BundleSources & { readonly logger?: Logger } = {}): Promise<{ readonly code: string }> {
  const file = path.join(CACHE, `workflows-${await hashOf({ workflows, interceptors })}.js`);
  const cached = await readCached(file);
  if (cached !== undefined) return { code: cached };

  const bundle = await bundleWorkflowCode({
    workflowsPath: path.join(PROJECT_FOLDER, workflows, 'index.ts'),
    ...dataConverter,
    workflowInterceptorModules: [...OWN_INTERCEPTORS, ...interceptors].map((module) =>
      path.join(PROJECT_FOLDER, module),
    ),
    webpackConfigHook: withSourceCondition,
    ...(logger === undefined ? {} : { logger }),
  });
  await cache(file, bundle.code).catch((error: unknown) =>
    logger?.debug(`the workflow bundle is not cached: ${errorMessage(error)}`),
  );
  return { code: bundle.code };
}

/** Undefined also if the file was cut off by a full disk or a crash. */
async function readCached(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const end = text.lastIndexOf(FOOTER);
  const code = text.slice(0, Math.max(0, end));
  return end !== -1 && text.slice(end) === FOOTER + sha256(code) ? code : undefined;
}

async function cache(file: string, code: string): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  // Several workers, also in containers that share this folder, may bundle at once: each writes a file of its own, and
  // the last rename wins with the same content.
  const temporary = `${file}.${randomUUID()}`;
  try {
    await writeFile(temporary, `${code}${FOOTER}${sha256(code)}`);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Resolves the library to its source, as everywhere in this repository. */
export const withSourceCondition: NonNullable<BundleOptions['webpackConfigHook']> = (config) => ({
  ...config,
  resolve: { ...config.resolve, conditionNames: ['@exactly-one/source', '...'] },
});

async function hashOf({ workflows, interceptors }: Required<BundleSources>): Promise<string> {
  const hash = createHash('sha256')
    .update(JSON.stringify({ workflows, interceptors }))
    .update(await readFile(path.join(PROJECT_FOLDER, 'package-lock.json')));
  for (const folder of new Set([...SOURCES, workflows, ...interceptors.map((module) => path.dirname(module))])) {
    const names = await readdir(path.join(PROJECT_FOLDER, folder), { recursive: true });
    for (const name of names.filter((each) => each.endsWith('.ts') && !each.endsWith('.test.ts')).sort()) {
      hash.update(`\0${folder}/${name}\0`).update(await readFile(path.join(PROJECT_FOLDER, folder, name)));
    }
  }
  return hash.digest('hex').slice(0, 32);
}
