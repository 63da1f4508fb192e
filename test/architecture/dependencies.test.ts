import { readdir, readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import { importsOf } from './import-direction.ts';
import { repositoryFiles } from './repository-files.ts';

/** Dependencies that no file imports, with the reason why they are declared. */
const NOT_IMPORTED: Readonly<Record<string, string>> = {
  '@arethetypeswrong/cli': 'a command',
  '@biomejs/biome': 'a command',
  '@swc/core': 'a peer of @swc/jest',
  '@swc/jest': 'named in jest.config.js',
  '@types/async-lock': 'types',
  '@types/node': 'types',
  // Temporal's packages need version 8 and @grpc/proto-loader needs version 7. Without this entry npm puts version 7 at
  // the top and a copy of version 8 into each of Temporal's packages, and historyFromJSON fails: 'type must be a Type'.
  protobufjs: 'decides which version npm hoists',
  publint: 'a command',
  typescript: 'a command',
};

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

let declared: Readonly<Record<string, string>>;

beforeAll(async () => {
  const manifest: Manifest = JSON.parse(await readFile(path.join(PROJECT_FOLDER, 'package.json'), 'utf8'));
  declared = { ...manifest.dependencies, ...manifest.devDependencies };
});

it('every imported package is declared, and every declared package is imported', async () => {
  const code = (await repositoryFiles()).filter((file) => /\.(ts|mjs|js)$/.test(file));
  const imports = await Promise.all(code.map((file) => importsOf(path.join(PROJECT_FOLDER, file))));
  const imported = new Set(imports.flat().flatMap(packageOf));
  const expected = [...imported, ...Object.keys(NOT_IMPORTED)].sort();
  expect(Object.keys(declared).sort()).toEqual(expected);
});

it('the library depends on nothing, and what it imports is an optional peer', async () => {
  const folder = path.join(PROJECT_FOLDER, 'packages/exactly-one');
  const manifest: Record<'peerDependencies' | 'peerDependenciesMeta', object> & { readonly dependencies?: object } =
    JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  const code = (await readdir(path.join(folder, 'src'), { recursive: true })).filter((file) =>
    /(?<!\.test|\.fixture)\.ts$/.test(file),
  );
  const imports = await Promise.all(code.map((file) => importsOf(path.join(folder, 'src', file))));
  const imported = [...new Set(imports.flat().flatMap(packageOf))].sort();
  expect(manifest.dependencies).toBeUndefined();
  expect(Object.keys(manifest.peerDependencies).sort()).toEqual(imported);
  expect(manifest.peerDependenciesMeta).toEqual(Object.fromEntries(imported.map((name) => [name, { optional: true }])));
});

it('versions are exact', () => {
  expect(Object.entries(declared).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});

it('the lockfile names no download address', async () => {
  const { packages }: { packages: Readonly<Record<string, { readonly resolved?: string }>> } = JSON.parse(
    await readFile(path.join(PROJECT_FOLDER, 'package-lock.json'), 'utf8'),
  );
  const resolved = Object.values(packages).flatMap((each) => each.resolved ?? []);
  expect(resolved).toEqual(['packages/exactly-one']);
});

/** `@temporalio/common` for `@temporalio/common/lib/proto-utils.js`; nothing for Node's own modules and for files. */
function packageOf(imported: string): readonly string[] {
  if (/^(\.|node:)/.test(imported) || builtinModules.includes(imported)) return [];
  const [scope = '', name = ''] = imported.split('/');
  return [scope.startsWith('@') ? `${scope}/${name}` : scope];
}
