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
  });
  afterEach(() => rm(folder, { recursive: true }));

  const write = async (file: string, text: string) => {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), text);
  };

  it('point one way in this project, and the protocol imports nothing of Temporal or Node', async () => {
    expect(await wrongImports(fileURLToPath(new URL('../../src', import.meta.url)))).toEqual([]);
  });

  it.each([
    ['a protocol that imports a client', 'protocol/a.ts', "import { b } from '../clients/b.ts';"],
    ['a type counts as well', 'contracts/a.ts', "import type { B } from '../protocol/b.ts';"],
    ['a protocol that imports Node', 'protocol/a.ts', "import fs from 'node:fs';"],
    ['a protocol that imports Temporal', 'protocol/a.ts', "import { sleep } from '@temporalio/workflow';"],
    ['a workflow that imports an activity', 'workflows/a.ts', "export { b } from '../activities/b.ts';"],
    ['an inner folder with rules of its own', 'comparison/workflows/a.ts', "import { b } from '../b.ts';"],
    ['a package for an inner folder', 'comparison/workflows/a.ts', "import fs from 'node:fs';"],
    ['an import over several lines', 'workflows/a.ts', "import {\n  b,\n  c,\n} from '../clients/b.ts';"],
    ['an import at run time', 'protocol/a.ts', "const b = await import('../clients/b.ts');"],
    ['a folder without a rule', 'helpers/a.ts', "import { b } from '../contracts/b.ts';"],
  ])('are refused: %s', async (_, file, text) => {
    await write(file, text);
    expect(await wrongImports(folder)).toHaveLength(1);
  });

  it('are allowed from the folders that lie below', async () => {
    await write('workflows/a.ts', "import { b } from '../protocol/b.ts';\nimport { c } from './c.ts';");
    expect(await wrongImports(folder)).toEqual([]);
  });
});
