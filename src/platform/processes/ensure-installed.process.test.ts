import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { installLockFile } from '../../../scripts/install-lock.mjs';
import { waitUntil } from './wait-until.ts';

const SCRIPTS = fileURLToPath(new URL('../../../scripts', import.meta.url));

const INSTALLING_NPM = `#!/bin/sh
echo "$@" >> calls
sleep 0.3
mkdir -p node_modules && cp package-lock.json node_modules/.package-lock.json
`;

/** Takes as long as the test wants. */
const HELD_NPM = INSTALLING_NPM.replace('sleep 0.3', 'while [ ! -e go ]; do sleep 0.05; done');

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ensure-installed-'));
  await Promise.all([
    cp(SCRIPTS, join(root, 'scripts'), { recursive: true }),
    mkdir(join(root, 'bin')),
    mkdir(join(root, 'tmp')),
    writeFile(join(root, 'package.json'), JSON.stringify({ name: 'sample', engines: { node: '>=20.20.0' } })),
    writeLock('one'),
  ]);
  await writeNpm(INSTALLING_NPM);
});

afterEach(() => rm(root, { recursive: true, force: true }));

describe('ensure-installed', () => {
  test('installs once when node_modules is missing, and is silent afterwards', async () => {
    const first = await ensure();
    const second = await ensure();

    expect(first).toMatchObject({ code: 0, stdout: '' });
    expect(first.stderr).toMatch(/^installing packages \(npm ci\) \.\.\.\n.*: done \(\d+ s\)\n$/);
    expect(second).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await calls()).toHaveLength(1);
  });

  test('installs exactly once for concurrent callers when the lockfile has changed', async () => {
    await ensure();
    await writeLock('two');
    await writeNpm(HELD_NPM);

    let waiting = 0;
    const countWaiting = (stderr: string) => {
      if (stderr.includes('waiting for process')) waiting += 1;
    };
    const callers = [1, 2, 3].map(() => ensure(countWaiting));
    await waitUntil(() => waiting === 2, { what: 'the other two to wait for the first', timeoutMs: 30_000 });
    await writeFile(join(root, 'go'), '');

    expect((await Promise.all(callers)).map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(await calls()).toHaveLength(2);
    expect(await readdir(join(root, 'tmp'))).toEqual([]);
  });

  test('installs again when somebody has changed what is installed', async () => {
    await ensure();
    await writeFile(
      join(root, 'node_modules', '.package-lock.json'),
      '{"packages":{"node_modules/a":{"integrity":"b"}}}',
    );

    await ensure();

    expect(await calls()).toHaveLength(2);
  });

  test('takes over what was installed by hand with npm ci', async () => {
    await mkdir(join(root, 'node_modules', 'a'), { recursive: true });
    await writeFile(
      join(root, 'node_modules', '.package-lock.json'),
      lockWith({ 'node_modules/a': { integrity: 'one' } }),
    );

    expect(await ensure()).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await calls()).toEqual([]);
  });

  test('passes over a lock that a dead process left behind', async () => {
    await writeNpm('#!/bin/sh\nkill -9 $PPID\n');
    expect((await ensure()).code).not.toBe(0);
    expect(await readdir(join(root, 'tmp'))).toHaveLength(1);
    await writeNpm(INSTALLING_NPM);

    const results = await Promise.all([ensure(), ensure()]);

    expect(results.map(({ code }) => code)).toEqual([0, 0]);
    expect(await calls()).toHaveLength(1);
  });

  test('passes over a lock that a process left behind which was killed while it wrote it', async () => {
    const lock = join(root, 'tmp', basename(installLockFile(root)));
    await writeFile(lock, '');
    const before = new Date(Date.now() - 2_000);
    await utimes(lock, before, before);

    expect((await ensure()).code).toBe(0);
    expect(await calls()).toHaveLength(1);
  });

  test('says what was tried, what failed and what is left when the installation fails', async () => {
    await writeNpm('#!/bin/sh\necho "npm error network getaddrinfo ENOTFOUND" >&2\nexit 3\n');

    const { code, stderr } = await ensure();

    expect(code).toBe(1);
    expect(stderr).toContain('tried:   npm ci');
    expect(stderr).toContain('failed:  it ended with exit code 3');
    expect(stderr).toContain('| npm error network getaddrinfo ENOTFOUND');
    expect(stderr).toMatch(/What is left:\n {2}- /);
    expect(await readdir(join(root, 'tmp'))).toEqual([]);
  });

  test('names the version of Node that came and the one that is needed', async () => {
    const module = pathToFileURL(join(root, 'scripts', 'ensure-installed.mjs'));
    const program = `import(${JSON.stringify(module.href)}).then((m) => m.ensureInstalled({ nodeVersion: '20.19.9' }))`;

    const { code, stderr } = await run(['-e', program]);

    expect(code).toBe(1);
    expect(stderr).toContain('sample needs Node 20.20.0 or newer; this is Node 20.19.9');
    expect(await calls()).toEqual([]);
  });
});

function ensure(onStderr?: (text: string) => void) {
  return run(['scripts/ensure-installed.mjs'], onStderr);
}

function run(
  args: readonly string[],
  onStderr: (text: string) => void = () => undefined,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    TMPDIR: join(root, 'tmp'),
    PATH: [join(root, 'bin'), process.env.PATH].join(delimiter),
  };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { cwd: root, env }, (_, stdout, stderr) => {
      resolve({ code: child.exitCode, stdout, stderr });
    });
    child.stderr?.on('data', (text) => onStderr(String(text)));
  });
}

async function calls(): Promise<string[]> {
  const text = await readFile(join(root, 'calls'), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}

function writeLock(integrity: string) {
  const packages = { '': {}, 'node_modules/a': { integrity }, 'node_modules/other-platform': { optional: true } };
  return writeFile(join(root, 'package-lock.json'), lockWith(packages));
}

function lockWith(packages: Record<string, object>): string {
  return JSON.stringify({ packages });
}

function writeNpm(script: string) {
  return writeFile(join(root, 'bin', 'npm'), script, { mode: 0o755 });
}
