import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type BundleOptions, bundleWorkflowCode, type Logger } from '@temporalio/worker';
import { PROJECT_FOLDER } from '../platform/processes/project-folder.ts';

/** All that workflows may import of ours. */
const SOURCES = ['src/workflows', 'packages/exactly-one/src', 'src/contracts', 'src/platform/failpoints'];
const PRODUCT = 'src/workflows';
const CACHE = path.join(PROJECT_FOLDER, 'node_modules/.cache/temporal-ticketing');

/**
 * The workflow code, bundled for the sandbox. Bundling takes seconds, so the bundle is kept under the hash of its
 * sources and made anew only when one of them, or a package, has changed.
 * @param folder whose `index.ts` exports the workflows; default the product's
 */
export async function workflowBundle(logger?: Logger, folder = PRODUCT): Promise<{ readonly code: string }> {
  const file = path.join(CACHE, `workflows-${await hashOfSources(folder)}.js`);
  const cached = await readFile(file, 'utf8').catch(ignoreMissing);
  if (cached !== undefined) return { code: cached };

  const bundle = await bundleWorkflowCode({
    workflowsPath: path.join(PROJECT_FOLDER, folder, 'index.ts'),
    workflowInterceptorModules: [path.join(PROJECT_FOLDER, 'src/platform/failpoints/workflow-interceptor.ts')],
    webpackConfigHook: withSourceCondition,
    ...(logger === undefined ? {} : { logger }),
  });
  await mkdir(CACHE, { recursive: true });
  // Several workers may bundle at once: each writes a file of its own, the last rename wins, all are the same.
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, bundle.code);
  await rename(temporary, file);
  return { code: bundle.code };
}

/** The library comes from its source, as everywhere in this repository. */
export const withSourceCondition: NonNullable<BundleOptions['webpackConfigHook']> = (config) => ({
  ...config,
  resolve: { ...config.resolve, conditionNames: ['@exactly-one/source', '...'] },
});

async function hashOfSources(entryFolder: string): Promise<string> {
  const hash = createHash('sha256')
    .update(entryFolder)
    .update(await readFile(path.join(PROJECT_FOLDER, 'package-lock.json')));
  for (const folder of new Set([...SOURCES, entryFolder])) {
    const names = await readdir(path.join(PROJECT_FOLDER, folder), { recursive: true });
    for (const name of names.filter((each) => each.endsWith('.ts') && !each.endsWith('.test.ts')).sort()) {
      hash.update(`\0${folder}/${name}\0`).update(await readFile(path.join(PROJECT_FOLDER, folder, name)));
    }
  }
  return hash.digest('hex').slice(0, 32);
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
