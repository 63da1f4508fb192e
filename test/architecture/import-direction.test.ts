import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { wrongImports } from './import-direction.ts';

describe('imports', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'imports-'));
    await Promise.all(['src', 'examples'].map((each) => mkdir(path.join(folder, each))));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const write = async (file: string, text: string) => {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), text);
  };

  it('point one way in this project, and the protocol imports nothing of Temporal or Node', async () => {
    expect(await wrongImports(fileURLToPath(new URL('../..', import.meta.url)))).toEqual([]);
  });

  it.each([
    ['a protocol that imports a client', 'src/protocol/a.ts', "import { b } from '../clients/b.ts';"],
    ['a protocol that knows what an order is', 'src/protocol/a.ts', "import type { B } from '../contracts/order.ts';"],
    ['a type counts as well', 'src/contracts/a.ts', "import type { B } from '../protocol/b.ts';"],
    ['a protocol that imports Node', 'src/protocol/a.ts', "import fs from 'node:fs';"],
    ['a protocol that imports Temporal', 'src/protocol/a.ts', "import { sleep } from '@temporalio/workflow';"],
    ['a workflow that imports an activity', 'src/workflows/a.ts', "export { b } from '../activities/b.ts';"],
    ['an import over several lines', 'src/workflows/a.ts', "import {\n  b,\n  c,\n} from '../clients/b.ts';"],
    ['an import at run time', 'src/protocol/a.ts', "const b = await import('../clients/b.ts');"],
    [
      'an example that imports what nobody would copy',
      'examples/shipping-labels/a.ts',
      "import { b } from '../../src/clients/ticket-system.ts';",
    ],
    ['a folder without a rule', 'src/helpers/a.ts', "import { b } from '../contracts/b.ts';"],
    ['an inner folder with rules of its own', 'src/comparison/workflows/a.ts', "import { b } from '../b.ts';"],
    ['a package for an inner folder', 'src/comparison/workflows/a.ts', "import fs from 'node:fs';"],
  ])('are refused: %s', async (_, file, text) => {
    await write(file, text);
    expect(await wrongImports(folder)).toHaveLength(1);
  });

  it('are allowed from the folders that lie below', async () => {
    await write('src/workflows/a.ts', "import { b } from '../protocol/b.ts';\nimport { c } from './c.ts';");
    await write('examples/shipping-labels/a.ts', "import { b } from '../../src/protocol/b.ts';");
    expect(await wrongImports(folder)).toEqual([]);
  });
});
