import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import { wrongImports } from './import-direction.ts';

const LIBRARY = 'packages/exactly-one/src';

describe('imports', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'imports-'));
    const areas = ['packages', 'src', 'testbed', 'demos', 'evidence', 'test', 'examples'];
    await Promise.all(areas.map((each) => mkdir(path.join(folder, each))));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const write = async (file: string, text: string) => {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), text);
  };

  it('follow the rules in this repository, tests included', async () => {
    expect(await wrongImports(PROJECT_FOLDER)).toEqual([]);
  });

  it.each([
    ['a library that imports the application', `${LIBRARY}/workflow/a.ts`, '../../../../src/contracts/order.ts'],
    ["a library's test that imports the testbed", `${LIBRARY}/protocol/a.test.ts`, '../../../../testbed/b.ts'],
    ['a protocol that imports Node', `${LIBRARY}/protocol/a.ts`, 'node:fs'],
    ['a protocol that imports Temporal', `${LIBRARY}/protocol/a.ts`, '@temporalio/workflow'],
    ['a protocol that imports the workflow kit', `${LIBRARY}/protocol/a.ts`, '../workflow/b.ts'],
    ['a workflow kit that imports Node', `${LIBRARY}/workflow/a.ts`, 'node:fs'],
    ['a workflow kit that imports activities', `${LIBRARY}/workflow/a.ts`, '../activities/b.ts'],
    ['a client that imports the workflow kit', `${LIBRARY}/client/a.ts`, '../workflow/b.ts'],
    ['a part of the library without a rule that imports Temporal', `${LIBRARY}/other/a.ts`, '@temporalio/common'],
    ['contracts that import a client', 'src/contracts/a.ts', '../clients/b.ts'],
    ['a workflow that imports an activity', 'src/workflows/a.ts', '../activities/b.ts'],
    ['a workflow that imports Node', 'src/workflows/a.ts', 'node:fs'],
    ["a workflow that imports the library's activities", 'src/workflows/a.ts', 'exactly-one/activities'],
    ['an example that imports the application', 'examples/a/b.ts', '../../src/contracts/counted.ts'],
    ['a starter that imports a workflow', 'src/starter/a.ts', '../workflows/b.ts'],
    ['a client that imports a service', 'src/clients/a.ts', '../services/ticket-system/b.ts'],
    ['a service that imports another', 'src/services/account-api/a.ts', '../ticket-system/b.ts'],
    ['source that imports the testbed', 'src/worker/a.ts', '../../testbed/b.ts'],
    ['a testbed that imports a demo', 'testbed/a.ts', '../demos/b.ts'],
    ['a demo that imports evidence', 'demos/a.ts', '../evidence/b.ts'],
    ['evidence that imports a test', 'evidence/a.ts', '../test/b.ts'],
    ['a workflow of the comparison that imports Node', 'evidence/comparison/workflows/a.ts', 'node:fs'],
    ['a workflow of the comparison that imports other evidence', 'evidence/comparison/workflows/a.ts', '../b.ts'],
    [
      'a workflow of the comparison that imports a client',
      'evidence/comparison/workflows/a.ts',
      '../../../src/clients/b.ts',
    ],
    ['a test that imports a demo', 'test/docs/a.test.ts', '../../demos/b.ts'],
    ['an example that imports the application', 'examples/a/b.ts', '../../src/clients/ticket-system.ts'],
    ['an example that imports its demo', 'examples/a/b.ts', './demo.ts'],
    ['the demo of an example that imports the application', 'examples/a/demo.ts', '../../src/contracts/counted.ts'],
    ["an example's test that imports the application", 'examples/a/b.test.ts', '../../src/contracts/counted.ts'],
    ["an example's test that imports the testbed", 'examples/a/b.test.ts', '../../testbed/b.ts'],
    ['an example that imports a package of its own', 'examples/a/b.ts', 'nanoid'],
    ['a folder without a rule', 'src/utils/a.ts', '../contracts/b.ts'],
  ])('refuse %s', async (_, file, imported) => {
    await write(file, `import { b } from '${imported}';`);
    expect(await wrongImports(folder)).toHaveLength(1);
  });

  it.each([
    ['over several lines', "import {\n  b,\n  c,\n} from '../clients/b.ts';"],
    ['of a type', "import type { B } from '../clients/b.ts';"],
    ['as a re-export', "export { b } from '../clients/b.ts';"],
    ['at run time', "const b = await import('../clients/b.ts');"],
    ['for its side effect', "import '../clients/b.ts';"],
  ])('are found when written %s', async (_, text) => {
    await write('src/workflows/a.ts', text);
    expect(await wrongImports(folder)).toHaveLength(1);
  });

  it.each([
    ['the library from every area', 'src/contracts/a.ts', 'exactly-one'],
    ['an area below', 'src/activities/a.ts', '../clients/b.ts'],
    ['the same area', 'src/workflows/a.ts', './b.ts'],
    ['the testbed from a test beside the source', 'src/worker/a.test.ts', '../../testbed/b.ts'],
    ['the testbed from evidence', 'evidence/chaos/a.ts', '../../testbed/b.ts'],
    ['the protocol from the workflow kit', `${LIBRARY}/workflow/a.ts`, '../protocol/b.ts'],
    ['the workflow kit from a workflow', 'src/workflows/a.ts', 'exactly-one/workflow'],
    ["a package from a library's test", `${LIBRARY}/protocol/a.test.ts`, '@jest/globals'],
    ['an example from the demo of the repository', 'demos/a/b.ts', '../../examples/a/demo.ts'],
    ['an example from an end-to-end test', 'test/end-to-end/a.test.ts', '../../examples/a/b.ts'],
    ['what an adopter has from an example', 'examples/a/b.ts', 'exactly-one/testing'],
  ])('allow %s', async (_, file, imported) => {
    await write(file, `import { b } from '${imported}';`);
    expect(await wrongImports(folder)).toEqual([]);
  });
});
