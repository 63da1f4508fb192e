import { cp, mkdir, mkdtemp, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DefaultLogger } from '@temporalio/worker';
import { PROJECT_FOLDER } from '../platform/processes/project-folder.ts';

const LONG_AGO = new Date('2020-01-01');

/** A project of its own that has our bundling, one small workflow, and the installed packages, but not their cache. */
let root: string;
let workflowBundle: typeof import('./workflow-bundle.ts').workflowBundle;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'workflow-bundle-'));
  for (const folder of [
    'src/workflows',
    'packages/exactly-one/src',
    'src/contracts',
    'src/platform/failpoints',
    'node_modules',
  ]) {
    await mkdir(path.join(root, folder), { recursive: true });
  }
  for (const file of [
    'package.json',
    'package-lock.json',
    'src/platform/processes/project-folder.ts',
    'src/worker/workflow-bundle.ts',
  ]) {
    await cp(path.join(PROJECT_FOLDER, file), path.join(root, file));
  }
  await symlink(path.join(PROJECT_FOLDER, 'node_modules/@temporalio'), path.join(root, 'node_modules/@temporalio'));
  await writeFile(
    path.join(root, 'src/platform/failpoints/workflow-interceptor.ts'),
    'export const interceptors = () => ({});\n',
  );
  await writeWorkflow('the first version');
  ({ workflowBundle } = await import(path.join(root, 'src/worker/workflow-bundle.ts')));
});
afterAll(() => rm(root, { recursive: true, force: true }));

function writeWorkflow(answer: string): Promise<void> {
  const source = `export async function answer() { return ${JSON.stringify(answer)}; }\n`;
  return writeFile(path.join(root, 'src/workflows/index.ts'), source);
}

/** Asks for the bundle; `said` is what the bundler logged. */
async function bundle() {
  const said: string[] = [];
  const { code } = await workflowBundle(new DefaultLogger('TRACE', ({ message }) => said.push(message)));
  return { code, said: said.join('\n') };
}

/** The bundles that are kept, with the time of their last change. */
async function keptBundles() {
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
  test('is made once: a second worker takes the kept one and bundles nothing', async () => {
    const first = await bundle();
    expect(first.said).toContain('bundle');
    expect(first.code).toContain('the first version');

    const [kept, ...others] = await keptBundles();
    expect(others).toEqual([]);
    await utimes(kept?.file ?? '', LONG_AGO, LONG_AGO);
    const second = await bundle();
    expect(second).toEqual({ code: first.code, said: '' });
    expect(await keptBundles()).toEqual([{ ...kept, changedAt: LONG_AGO }]);
  });

  test('is made anew when a workflow has changed', async () => {
    await bundle();
    await writeWorkflow('the second version');
    const { code } = await bundle();
    expect(code).toContain('the second version');
    expect(code).not.toContain('the first version');
  });
});
