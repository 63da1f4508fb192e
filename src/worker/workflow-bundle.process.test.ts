import { cp, mkdir, mkdtemp, readdir, rm, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DefaultLogger } from '@temporalio/worker';
import { PROJECT_FOLDER } from '../platform/processes/project-folder.ts';

const LONG_AGO = new Date('2020-01-01');

/** A project of its own with our bundling, one small workflow, one interceptor and the installed packages, without their cache. */
let root: string;
let workflowBundle: typeof import('./workflow-bundle.ts').workflowBundle;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'workflow-bundle-'));
  for (const folder of ['src/workflows', 'interceptors', 'node_modules']) {
    await mkdir(path.join(root, folder), { recursive: true });
  }
  for (const file of [
    'package.json',
    'package-lock.json',
    'src/contracts/errors.ts',
    'src/platform/processes/project-folder.ts',
    'src/worker/workflow-bundle.ts',
    'src/workflows/ignore-unknown-signals.ts',
    'src/workflows/log-run.ts',
    'src/contracts',
    'packages',
  ]) {
    await cp(path.join(PROJECT_FOLDER, file), path.join(root, file), { recursive: true });
  }
  await symlink(path.join(PROJECT_FOLDER, 'node_modules/@temporalio'), path.join(root, 'node_modules/@temporalio'));
  await symlink('../packages/exactly-one', path.join(root, 'node_modules/exactly-one'));
  await writeFile(
    path.join(root, 'interceptors/interceptor.ts'),
    'export const interceptors = () => ({ inbound: "interceptor of this test" });\n',
  );
  await writeWorkflow('the first version');
  ({ workflowBundle } = await import(path.join(root, 'src/worker/workflow-bundle.ts')));
});
afterAll(() => rm(root, { recursive: true, force: true }));

function writeWorkflow(result: string): Promise<void> {
  const source = `export async function workflow() { return ${JSON.stringify(result)}; }\n`;
  return writeFile(path.join(root, 'src/workflows/index.ts'), source);
}

/** The bundle, and what the bundler logged. */
async function bundle() {
  const logged: string[] = [];
  const logger = new DefaultLogger('TRACE', ({ message }) => logged.push(message));
  const { code } = await workflowBundle({ logger });
  return { code, logged: logged.join('\n') };
}

/** The cached bundles, with the time of their last change. */
async function cachedBundles() {
  const cache = path.join(root, 'node_modules/.cache/temporal-ticketing');
  const names = await readdir(cache);
  return Promise.all(
    names.map(async (name) => {
      const file = path.join(cache, name);
      return { file, changedAt: (await stat(file)).mtime };
    }),
  );
}

describe('the workflow bundle', () => {
  test('is bundled once: a second worker takes it from the cache', async () => {
    const first = await bundle();
    expect(first.logged).toContain('bundle');
    expect(first.code).toContain('the first version');

    const [cached, ...others] = await cachedBundles();
    expect(others).toEqual([]);
    await utimes(cached?.file ?? '', LONG_AGO, LONG_AGO);
    const second = await bundle();
    expect(second).toEqual({ code: first.code, logged: '' });
    expect(await cachedBundles()).toEqual([{ ...cached, changedAt: LONG_AGO }]);
  });

  test('is bundled again when its file was cut off, or its cache cannot be written', async () => {
    const { code } = await bundle();
    const [cached] = await cachedBundles();
    await truncate(cached?.file ?? '', 1_000);
    expect((await bundle()).code).toBe(code);

    const cache = path.dirname(cached?.file ?? '');
    await rm(cache, { recursive: true });
    await writeFile(cache, 'not a folder');
    expect((await bundle()).code).toBe(code);
    await rm(cache);
  });

  test('is bundled again after a workflow has changed', async () => {
    await bundle();
    await writeWorkflow('the second version');
    const { code } = await bundle();
    expect(code).toContain('the second version');
    expect(code).not.toContain('the first version');
  });

  test('is a different one with an interceptor, and neither is taken for the other', async () => {
    // Not by `toContain`, which prints all of a bundle that lacks something.
    const hasInterceptor = ({ code }: { code: string }) => code.includes('interceptor of this test');
    for (let round = 0; round < 2; round += 1) {
      expect(hasInterceptor(await workflowBundle({ interceptors: ['interceptors/interceptor.ts'] }))).toBe(true);
      expect(hasInterceptor(await bundle())).toBe(false);
    }
  });
});

test('the bundle of the application contains neither the interceptor nor the sink of the failpoints', async () => {
  const { workflowBundle: applicationBundle } = await import('./workflow-bundle.ts');
  const { FAILPOINT_INTERCEPTOR } = await import('./failpoints.ts');
  const [production, armed] = await Promise.all([
    applicationBundle(),
    applicationBundle({ interceptors: [FAILPOINT_INTERCEPTOR] }),
  ]);
  for (const trace of [FAILPOINT_INTERCEPTOR, 'failpoints.reach(']) {
    expect({ trace, isThere: production.code.includes(trace) }).toEqual({ trace, isThere: false });
    expect({ trace, isThere: armed.code.includes(trace) }).toEqual({ trace, isThere: true });
  }
});
