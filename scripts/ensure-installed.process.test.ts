import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { PROJECT_FOLDER } from '../src/platform/processes/project-folder.ts';
import { waitUntil } from '../src/platform/processes/wait-until.ts';
import { inTerminal } from '../testbed/terminal/terminal.ts';

const SCRIPT = 'scripts/ensure-installed.mjs';
const GUARD = 'src/platform/processes/guard.mjs';
const WAITS = 'waiting for another process';

const INSTALLING_NPM = `#!/bin/sh
echo "$@" >> calls
sleep 0.3
mkdir -p node_modules && cp package-lock.json node_modules/.package-lock.json
`;

/** Goes on when the test creates the file `go`. */
const HELD_NPM = INSTALLING_NPM.replace('sleep 0.3', 'while [ ! -e go ]; do sleep 0.05; done');

/** The first one kills the process that has started it, and ends when the test creates the file `go`. */
const KILLING_NPM = `#!/bin/sh
if [ -e killed ]; then
  kill -0 $(cat killed) && echo the first npm still runs >> calls
  ${INSTALLING_NPM.split('\n').slice(1, -1).join('\n  ')}
else
  trap 'while [ ! -e go ]; do sleep 0.05; done; exit' TERM
  echo $$ > killed
  kill -9 $(ps -o ppid= -p $PPID)
  while :; do sleep 0.1; done
fi
`;

/** The superuser may write everywhere, so he becomes somebody else. */
const OTHER_USER = process.getuid?.() === 0 ? { uid: 65_534 } : {};

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ensure-installed-'));
  await chmod(root, 0o755);
  await Promise.all([
    ...[SCRIPT, GUARD].map((file) => cp(join(PROJECT_FOLDER, file), join(root, file))),
    mkdir(join(root, 'bin')),
    writePackage('20.20.0'),
    writeLockfile('one'),
  ]);
  await writeNpm(INSTALLING_NPM);
});

afterEach(() => rm(root, { recursive: true, force: true }));

describe('ensure-installed', () => {
  test('installs once when node_modules is missing, and is silent afterwards', async () => {
    const first = await ensure();
    const second = await ensure();

    expect(first).toMatchObject({ code: 0, stdout: '' });
    expect(first.stderr).toMatch(/^installing packages \(npm ci\) \.\.\.\ninstalled packages in \d+ s\n$/);
    expect(second).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
    expect(await calls()).toHaveLength(1);
  });

  test('shows on a terminal for how long it has been installing, below what npm prints', async () => {
    const printing = HELD_NPM.replace('while', 'echo "npm warn old lockfile" >&2; printf "npm warn " >&2; while');
    await writeNpm(printing.replace('; done', '; done; echo "old cache" >&2'));
    const options = {
      command: process.execPath,
      args: [SCRIPT],
      cwd: root,
      env: npmEnvironment(),
      columns: 60,
      rows: 10,
    };
    await inTerminal(options, async ({ untilShows, screen, exitCode, allRows }) => {
      await untilShows('npm warn old lockfile');
      await untilShows(/^installing packages \(npm ci\) \.\.\. [1-9]\d* s {2}\(the first time only/);
      expect(screen()[0]).toBe('npm warn old lockfile');
      await writeFile(join(root, 'go'), '');
      expect(await exitCode).toBe(0);
      expect(allRows()).toEqual([
        'npm warn old lockfile',
        'npm warn old cache',
        expect.stringMatching(/^installed packages in \d+ s$/),
      ]);
    });
  });

  test('installs exactly once for concurrent callers when the lockfile has changed', async () => {
    await ensure();
    await writeLockfile('two');
    await writeNpm(HELD_NPM);

    let waiting = 0;
    const callers = [1, 2, 3].map(() => ensure(countWaiting(() => (waiting += 1))));
    await waitUntil(() => waiting === 2, { what: 'the other two to wait for the first', timeoutMs: 60_000 });
    await writeFile(join(root, 'go'), '');

    expect((await Promise.all(callers)).map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(await calls()).toHaveLength(2);
    expect(isLocked()).toBe(false);
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
      lockfileWith({ 'node_modules/a': { integrity: 'one' } }),
    );

    expect(await ensure()).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
    expect(await calls()).toEqual([]);
  });

  test('takes over the lock of a process that was killed, after its npm has ended', async () => {
    await writeNpm(KILLING_NPM);
    const killed = ensure();
    await waitUntil(() => existsSync(join(root, 'killed')), {
      what: 'the first process to be killed',
      timeoutMs: 30_000,
    });
    expect(isLocked()).toBe(true);

    let waiting = 0;
    const others = [1, 2].map(() => ensure(countWaiting(() => (waiting += 1))));
    // Its guard kills the npm if it takes too long to end.
    await waitUntil(() => waiting === 2 || !isLocked(), { what: 'both to wait for its npm', timeoutMs: 60_000 });
    await writeFile(join(root, 'go'), '');

    expect((await Promise.all(others)).map(({ code }) => code)).toEqual([0, 0]);
    expect((await killed).signal).toBe('SIGKILL');
    expect(await calls()).toEqual([expect.stringMatching(/^ci /)]);
  });

  test.each([
    ['', 0o644],
    ['1', 0o644],
    ['1', 0o000],
  ])('does not mind a lock file of an earlier version that names %j', async (text, mode) => {
    await writeFile(join(root, '.install-lock'), text, { mode });

    expect((await ensure()).code).toBe(0);
    expect(await calls()).toHaveLength(1);
  });

  test('leaves an installation for production alone, unless the packages for development are needed', async () => {
    await writePackages({ a: { integrity: 'one' }, tests: { integrity: 'one', dev: true } });
    await writeInstalled({ a: { integrity: 'one' } });

    expect(await ensureForProgram()).toMatchObject({ code: 0, stderr: '' });
    expect(await calls()).toEqual([]);
    expect((await ensure()).code).toBe(0);
    expect(await calls()).toHaveLength(1);
  });

  test('installs nothing with NODE_ENV=production, and says what to do if packages are missing', async () => {
    await writePackages({ a: { integrity: 'one' }, tests: { integrity: 'one', dev: true } });
    expect(await ensureForProgram({ NODE_ENV: 'production' })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('npm ci --omit=dev'),
    });
    await writeInstalled({ a: { integrity: 'one' } });
    expect(await ensureForProgram({ NODE_ENV: 'production' })).toMatchObject({ code: 0, stderr: '' });
    expect(await ensure(undefined, { NODE_ENV: 'production' })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('npm ci --include=dev'),
    });
    expect(await calls()).toEqual([]);
  });

  test('installs an optional package that is made for this platform, even when npm is configured to omit optional packages', async () => {
    const here = { integrity: 'one', optional: true, os: [process.platform], cpu: [process.arch] };
    const elsewhere = { ...here, os: ['aix'] };
    await writePackages({ a: { integrity: 'one' }, elsewhere });
    await writeInstalled({ a: { integrity: 'one' } });
    expect(await ensure()).toMatchObject({ code: 0, stderr: '' });

    await writePackages({ a: { integrity: 'one' }, elsewhere, here });
    expect((await ensure()).code).toBe(0);
    expect(await calls()).toEqual([expect.stringContaining('--include=optional')]);
  });

  test('takes an installation that was cut off for none', async () => {
    await mkdir(join(root, 'node_modules'));
    await writeFile(join(root, 'node_modules/.package-lock.json'), '{"packages": {"node_mod');
    expect((await ensure()).code).toBe(0);
    expect(await calls()).toHaveLength(1);
  });

  test('says who must install where this user may not', async () => {
    await chmod(root, 0o555);
    const { code, stderr } = await ensure(undefined, {}, OTHER_USER);
    await chmod(root, 0o755);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('run npm ci as its owner') });
  });

  test('needs neither a home nor a cache of npm', async () => {
    await writeNpm(`#!/bin/sh\necho "$npm_config_cache" > cache\n${INSTALLING_NPM.split('\n').slice(1).join('\n')}`);
    const nowhere = join(root, 'package.json', 'no-folder');
    expect((await ensure(undefined, { HOME: nowhere, npm_config_cache: undefined })).code).toBe(0);
    const cache = (await readFile(join(root, 'cache'), 'utf8')).trim();
    expect(cache.startsWith(tmpdir())).toBe(true);
    await rm(cache, { recursive: true });
  });

  test('says what was tried, why it failed and what to do when the installation fails', async () => {
    await writeNpm('#!/bin/sh\necho "npm error network getaddrinfo ENOTFOUND" >&2\nexit 3\n');

    const { code, stderr } = await ensure();

    expect(code).toBe(1);
    expect(stderr).toContain('tried:   npm ci');
    expect(stderr).toContain('failed:  it ended with exit code 3');
    expect(stderr).toContain('npm error network getaddrinfo ENOTFOUND');
    expect(stderr).toMatch(/What to do:\n {2}- /);
    expect(isLocked()).toBe(false);
  });

  test('names the version of Node that is present and the one that is needed', async () => {
    await writePackage('999.1.0');

    const { code, stderr } = await ensure();

    expect(code).toBe(1);
    expect(stderr).toContain(`sample needs Node 999.1.0 or newer, but this is Node ${process.versions.node}`);
    expect(await calls()).toEqual([]);
  });
});

interface Result {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** With the npm of this test. */
function npmEnvironment(): NodeJS.ProcessEnv {
  const path = [join(root, 'bin'), process.env.PATH].join(delimiter);
  return { ...process.env, NODE_OPTIONS: '', NODE_ENV: '', PATH: path };
}

/** Reads what a process prints, and calls back once when that says that it waits. */
function countWaiting(onWaiting: () => void): (stderr: string) => void {
  let text = '';
  return (stderr) => {
    const waitedBefore = text.includes(WAITS);
    text += stderr;
    if (!waitedBefore && text.includes(WAITS)) onWaiting();
  };
}

/** As `npm test` does. */
function ensure(
  onStderr: (text: string) => void = () => undefined,
  settings: NodeJS.ProcessEnv = {},
  options: { readonly uid?: number; readonly args?: readonly string[] } = {},
): Promise<Result> {
  const { args = [SCRIPT], ...user } = options;
  const env = { ...npmEnvironment(), ...settings };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { cwd: root, env, ...user }, (_, stdout, stderr) => {
      resolve({ code: child.exitCode, signal: child.signalCode, stdout, stderr });
    });
    child.stderr?.on('data', (text) => onStderr(String(text)));
  });
}

/** As every program does. */
function ensureForProgram(settings: NodeJS.ProcessEnv = {}): Promise<Result> {
  const program = `import('./${SCRIPT}').then(({ ensureInstalled }) => ensureInstalled({ development: false }))`;
  return ensure(undefined, settings, { args: ['-e', program] });
}

function isLocked(): boolean {
  return spawnSync('flock', ['-n', root, 'true']).status === 1;
}

function writePackages(packages: Record<string, object>) {
  return writeFile(join(root, 'package-lock.json'), lockfileWith(inNodeModules(packages)));
}

async function writeInstalled(packages: Record<string, object>): Promise<void> {
  await mkdir(join(root, 'node_modules'), { recursive: true });
  await writeFile(join(root, 'node_modules/.package-lock.json'), lockfileWith(inNodeModules(packages)));
}

function inNodeModules(packages: Record<string, object>) {
  return Object.fromEntries(Object.entries(packages).map(([name, entry]) => [`node_modules/${name}`, entry]));
}

async function calls(): Promise<string[]> {
  const text = await readFile(join(root, 'calls'), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}

function writePackage(node: string) {
  return writeFile(join(root, 'package.json'), JSON.stringify({ name: 'sample', engines: { node: `>=${node}` } }));
}

function writeLockfile(integrity: string) {
  const packages = { '': {}, 'node_modules/a': { integrity }, 'node_modules/other-platform': { optional: true } };
  return writeFile(join(root, 'package-lock.json'), lockfileWith(packages));
}

function lockfileWith(packages: Record<string, object>): string {
  return JSON.stringify({ packages });
}

function writeNpm(script: string) {
  return writeFile(join(root, 'bin', 'npm'), script, { mode: 0o755 });
}
