import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type FaultPoint, faultRules, seededFaults } from 'exactly-one/testing';
import { TIMINGS } from '../../examples/shipping-labels/timings.ts';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import { importsOf } from '../architecture/import-direction.ts';
import { readmeProgram } from '../package/readme-program.ts';
import { GUIDE } from './documents.ts';

const EXAMPLE = 'examples/shipping-labels';
const read = (file: string) => readFile(path.join(PROJECT_FOLDER, file), 'utf8');

/** What an adopter writes: functions, workflow, worker, a program that starts orders, and the test. */
const OWN_FILES = ['hotel.mjs', 'workflow.mjs', 'worker.mjs', 'book.mjs', 'room.test.mjs'];

describe('docs/your-own-service.md', () => {
  it('shows only code that npm run test:package runs: each block of code is a file', async () => {
    const document = await read(GUIDE);
    const languages = [...document.matchAll(/^```(\w*)\n[\s\S]*?^```$/gm)].map(([, language]) => language ?? '');
    expect(new Set(languages)).toEqual(new Set(['sh', 'js', 'text']));
    expect(Object.keys(readmeProgram(document).files)).toEqual(expect.arrayContaining(OWN_FILES));
  });

  it('takes an adopter fewer than 80 lines of code', async () => {
    const { files } = readmeProgram(await read(GUIDE));
    const lines = OWN_FILES.flatMap((name) => (files[name] ?? '').split('\n'));
    expect(lines.filter((line) => line.trim() !== '' && !line.startsWith('//')).length).toBeLessThan(80);
  });

  it('links to no file of this repository, since the package contains the guide too', async () => {
    const targets = [...(await read(GUIDE)).matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target);
    expect(targets.length).toBeGreaterThan(1);
    expect(targets.filter((target) => !/^(https:\/\/|#)/.test(target))).toEqual([]);
  });

  it('imports nothing but the library, what it says to install, and its own files', async () => {
    const { files, commands } = readmeProgram(await read(GUIDE));
    const imported = Object.values(files).flatMap((text) =>
      [...text.matchAll(/from '([^']+)'/g)].map(([, name = '']) => name),
    );
    const own = Object.keys(files).map((name) => `./${name}`);
    const installed = commands.flatMap((line) => /^npm install (.*)$/.exec(line)?.[1]?.split(' ') ?? []);
    const unknown = imported.filter(
      (name) =>
        !own.includes(name) && !name.startsWith('exactly-one/') && !installed.some((each) => each.startsWith(name)),
    );
    expect(imported.length).toBeGreaterThan(10);
    expect(unknown).toEqual([]);
  });
});

it('examples/shipping-labels uses nothing of this project but the library', async () => {
  const used = new Set<string>();
  for (const file of await sourcesOf(EXAMPLE)) await addUsed(file, used);
  expect([...used].filter((file) => !file.startsWith(`${EXAMPLE}/`))).toEqual([]);
  expect(used.size).toBeGreaterThan(4);
});

it('npm run example shows with the documented seed what the guide says of it', async () => {
  const command = /npm run example -- --parcels (\d+) --seed (\d+)/;
  const [documented, parcels, seed] = command.exec(await read(GUIDE)) ?? [];
  expect(command.exec(await read('README.md'))?.[0]).toBe(documented);
  const faults = seededFaults(Number(seed), faultRules(TIMINGS));
  const met = Array.from({ length: Number(parcels) }, (_, index) => {
    const decide = (point: FaultPoint) => faults.decide(point, `parcel-${index}`);
    const before = decide('create.before');
    const [late, after] = before === undefined ? [decide('create.late'), decide('create.after')] : [];
    const lists = [decide('list'), decide('list')];
    return {
      before: before?.kind,
      isLate: late !== undefined,
      after: after?.kind,
      lists: lists.map((each) => each?.kind),
    };
  });
  const inTime = met.filter(({ isLate }) => !isLate).map(({ after }) => after);
  expect(met.map(({ before }) => before)).toContain('error');
  expect(inTime).toEqual(expect.arrayContaining(['reset', 'refusal']));
  expect(met.map(({ isLate }) => isLate)).toContain(true);
  expect(met.flatMap(({ lists }) => lists)).toContain('stale');
});

/** The sources directly in a folder, without tests. */
async function sourcesOf(folder: string): Promise<readonly string[]> {
  const files = await readdir(path.join(PROJECT_FOLDER, folder));
  return files.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts')).map((file) => `${folder}/${file}`);
}

/** Adds a file and every file of this project that it imports, directly or not. */
async function addUsed(file: string, used: Set<string>): Promise<void> {
  if (used.has(file)) return;
  used.add(file);
  for (const imported of await importsOf(path.join(PROJECT_FOLDER, file))) {
    if (imported.startsWith('.')) await addUsed(path.join(path.dirname(file), imported), used);
  }
}
