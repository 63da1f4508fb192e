import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { PROJECT_FOLDER } from '../src/platform/processes/project-folder.ts';

const run = promisify(execFile);
const DAY_MS = 86_400_000;
/** The superuser may write everywhere, so he becomes somebody else. */
const OTHER_USER = process.getuid?.() === 0 ? { uid: 65_534 } : {};

const PROGRAM = [
  "import { a } from './a.ts';",
  "import { b } from './b.mjs';",
  "import c from './c.json';",
  'console.log(a, b, c.c);',
];

let root: string;
let cache: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'compile-'));
  await chmod(root, 0o755);
  cache = join(root, 'node_modules/.cache/temporal-ticketing');
  await Promise.all([mkdir(cache, { recursive: true }), mkdir(join(root, 'src'))]);
  await Promise.all([
    cp(join(PROJECT_FOLDER, 'scripts/compile.mjs'), join(root, 'scripts/compile.mjs')),
    ...['esbuild', '@esbuild'].map((name) =>
      symlink(join(PROJECT_FOLDER, 'node_modules', name), join(root, 'node_modules', name)),
    ),
    ...['package.json', 'package-lock.json', 'tsconfig.json'].map((name) => write(name, '{}')),
    write('src/main.ts', PROGRAM.join('\n')),
    write('src/a.ts', 'export const a: number = 1;'),
    write('src/b.mjs', 'export const b = 2;'),
    write('src/c.json', '{ "c": 3 }'),
  ]);
});

afterEach(() => rm(root, { recursive: true, force: true }));

test('compiles a program once', async () => {
  const file = await compile();
  const { mtimeMs } = await stat(file);

  expect(await compile()).toBe(file);
  expect((await stat(file)).mtimeMs).toBe(mtimeMs);
  expect(await output(file)).toBe('1 2 3\n');
});

test('stack traces name the very line of the source', async () => {
  await write(
    'src/main.ts',
    'interface A {}\n\nfunction f() {\n  throw new Error();\n}\ntry {\n  f();\n} catch (e) {\n  console.log(e.stack);\n}\n',
  );
  const { stdout } = await run(process.execPath, ['--enable-source-maps', await compile()]);
  expect(stdout).toMatch(/at f \(\S*src\/main\.ts:4:9\)/);
});

test.each([
  ['a .ts file', 'src/a.ts', 'export const a = 4;', '4 2 3\n'],
  ['a .mjs file', 'src/b.mjs', 'export const b = 5;', '1 5 3\n'],
  ['a .json file', 'src/c.json', '{ "c": 6 }', '1 2 6\n'],
])('compiles a program again when %s that it imports has changed', async (_, name, text, printed) => {
  await compile();
  await write(name, text);

  expect(await output(await compile())).toBe(printed);
});

test('compiles a program again when package-lock.json has changed', async () => {
  const file = await compile();
  const { mtimeMs } = await stat(file);
  await write('package-lock.json', '{ "packages": {} }');

  await compile();

  expect((await stat(file)).mtimeMs).toBeGreaterThan(mtimeMs);
});

test('several processes may compile a program at the same time', async () => {
  const [file = '', ...others] = await Promise.all([compile(), compile(), compile()]);

  expect(others).toEqual([file, file]);
  expect(await output(file)).toBe('1 2 3\n');
  expect(await readdir(cache)).toHaveLength(1);
});

test('removes files that are older than eight days when it compiles', async () => {
  await mkdir(join(cache, 'typebox-1.0.0'));
  for (const [name, days] of [
    ['old.mjs', 9],
    ['workflows-old.js', 9],
    ['recent.mjs', 7.5],
    ['typebox-1.0.0', 9],
  ] as const) {
    if (!name.startsWith('typebox')) await writeFile(join(cache, name), '');
    await setAge(join(cache, name), days);
  }

  await compile();

  expect((await readdir(cache)).sort()).toEqual([
    expect.stringMatching(/^[0-9a-f]{32}\.mjs$/),
    'recent.mjs',
    'typebox-1.0.0',
  ]);
});

test('compiles a program again after a week, before its file is removed', async () => {
  const file = await compile();
  await setAge(file, 7.5);

  await compile();

  expect(Date.now() - (await stat(file)).mtimeMs).toBeLessThan(DAY_MS);
});

test('compiles a program again when its file was cut off', async () => {
  const file = await compile();
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.slice(0, -10));

  expect(await output(await compile())).toBe('1 2 3\n');
  expect(await readFile(file, 'utf8')).toBe(text);
});

test('lists the sources by name, because equal sources must give equal files', async () => {
  const [header = ''] = (await readFile(await compile(), 'utf8')).split('\n');
  const sources = Object.keys(JSON.parse(header.slice(header.indexOf('{'))).inputs);

  expect(sources).toContain('src/main.ts');
  expect(sources).toEqual([...sources].sort());
});

test.each([
  ['belongs to another user', () => chmod(cache, 0o555)],
  ['is a file', () => rm(cache, { recursive: true }).then(() => writeFile(cache, ''))],
])('runs a program that imports a package although the cache %s, and leaves nothing behind', async (_, spoil) => {
  await mkdir(join(root, 'node_modules/sample'));
  await write('node_modules/sample/package.json', '{ "name": "sample", "type": "module", "exports": "./index.js" }');
  await write('node_modules/sample/index.js', 'export const sample = 7;');
  await write('package.json', '{ "dependencies": { "sample": "1.0.0" } }');
  await write('src/main.ts', "import { sample } from 'sample';\nconsole.log(sample, new Error('here').stack);");
  await mkdir(join(root, 'tmp'), { mode: 0o777 });
  await chmod(join(root, 'tmp'), 0o777);
  await spoil();
  const program = [
    'process.setSourceMapsEnabled(true);',
    "const { compile } = await import('./scripts/compile.mjs');",
    "await import(await compile('src/main.ts'));",
  ];
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program.join('')], {
    cwd: root,
    env: { ...process.env, TMPDIR: join(root, 'tmp') },
    ...OTHER_USER,
  });
  await chmod(cache, 0o755);
  expect(stdout).toMatch(/^7 Error: here\n.*src\/main\.ts:2/);
  expect(await readdir(join(root, 'tmp'))).toEqual([]);
});

test('a program runs although neither the cache nor the folder for temporary files can be written', async () => {
  await cp(join(PROJECT_FOLDER, 'scripts'), join(root, 'scripts'), { recursive: true });
  await write('package.json', '{ "name": "sample", "engines": { "node": ">=20" } }');
  await write('node_modules/.package-lock.json', '{ "packages": {} }');
  await chmod(cache, 0o555);
  const missing = join(root, 'none');
  const { stdout, stderr } = await run(process.execPath, ['scripts/run.mjs', 'src/main.ts'], {
    cwd: root,
    env: { ...process.env, TMPDIR: missing },
    ...OTHER_USER,
  });
  await chmod(cache, 0o755);
  expect(stdout).toBe('1 2 3\n');
  expect(stderr).toBe(`TMPDIR=${missing} is not a folder that can be written: temporary files go to /tmp\n`);
});

async function compile(): Promise<string> {
  const program = "import('./scripts/compile.mjs').then(({ compile }) => compile('src/main.ts')).then(console.log)";
  const { stdout } = await run(process.execPath, ['-e', program], { cwd: root });
  return stdout.trim();
}

async function output(file: string): Promise<string> {
  return (await run(process.execPath, [file])).stdout;
}

function write(name: string, text: string): Promise<void> {
  return writeFile(join(root, name), text);
}

function setAge(path: string, days: number): Promise<void> {
  const then = new Date(Date.now() - days * DAY_MS);
  return utimes(path, then, then);
}
