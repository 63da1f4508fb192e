import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { errorMessage } from '../../src/contracts/errors.ts';
import { createCommandLine, runCommandLine } from '../../src/platform/processes/command-line.ts';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import { runProgram } from '../../src/platform/processes/run-program.ts';
import { startTemporalServer } from '../../testbed/processes.ts';
import { withTemporaryFolder } from '../../testbed/temporary-folder.ts';
import { typeCheck } from './consumer-types.ts';
import { MORE_TESTS, runGuideOrders, testsForJest } from './guide.ts';
import { type ReadmeProgram, readmeProgram } from './readme-program.ts';
import { runCommand } from './run-command.ts';

const PACKAGE = path.join(PROJECT_FOLDER, 'packages/exactly-one');
const GUIDE = 'docs/your-own-service.md';
const COURIER = 'test/package/courier.md';

/** What this project has no use for, and the guide has. Its newest version needs a newer Node. */
const VITEST = '4.1.12';

const EMPTY_PROJECT = '{ "private": true }';
const INSTALL = /^npm install (?:--save-dev )?(.*)$/;

const commandLine = createCommandLine('npm run test:package --', {
  description:
    'Builds and packs the library, checks the package, installs it into an empty project, and runs the programs of its README ' +
    'and that of the guide there.',
  exitCodes: { 0: 'everything passed', 1: 'something failed' },
}).option('--counts <file>', 'also write the numbers of passed and failed checks to this file, as JSON');

await runProgram(() => runCommandLine(commandLine, process.argv.slice(2), testPackage));

async function testPackage({ counts: file }: { readonly counts?: string }): Promise<number> {
  const counts = { passed: 0, failed: 0 };
  const check = async (what: string, run: () => Promise<unknown>) => {
    const begunAt = performance.now();
    try {
      await run();
      counts.passed += 1;
      console.log(`ok    ${what} (${((performance.now() - begunAt) / 1_000).toFixed(1)} s)`);
    } catch (error) {
      counts.failed += 1;
      console.log(`FAIL  ${what}\n${errorMessage(error)}`);
    }
  };
  await withTemporaryFolder((folder) => checkPackage(folder, check));
  if (file !== undefined) await writeFile(file, JSON.stringify(counts));
  console.log(`package: ${counts.passed} passed, ${counts.failed} failed`);
  return counts.failed === 0 ? 0 : 1;
}

type Checker = (what: string, run: () => Promise<unknown>) => Promise<void>;

async function checkPackage(folder: string, check: Checker): Promise<void> {
  const consumer = path.join(folder, 'consumer');
  await mkdir(consumer);
  await writeFiles(consumer, { 'package.json': EMPTY_PROJECT });
  const program = readmeProgram(await readFile(path.join(PACKAGE, 'README.md'), 'utf8'));
  const entries = await entryPoints();

  await check('the library is built', () => runCommand('npm', ['run', 'build'], PROJECT_FOLDER));
  await check('the library is packed', () => runCommand('npm', ['pack', '--pack-destination', folder], PACKAGE));
  const tarball = path.join(folder, (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? 'no tarball');
  await check('publint finds nothing', () => runCommand(installed('publint'), ['run', '--strict', tarball], folder));
  await check('attw finds nothing', () => runCommand(installed('attw'), [tarball, '--profile', 'esm-only'], folder));
  await check("the README's command installs it into an empty project", () =>
    install(installations(program), tarball, consumer),
  );
  await check('it contains no test, and what a package must have', () => checkContents(consumer));
  for (const entry of entries) {
    await check(`Node imports ${entry}`, () => runCommand('node', [`--import=${entry}`, '--eval', ''], consumer));
  }
  await writeFiles(consumer, program.files);
  for (const resolution of ['nodenext', 'bundler'] as const) {
    await check(`its types are found with moduleResolution ${resolution}`, () =>
      typeCheck({ consumer, entries, resolution }),
    );
  }
  const server = await startTemporalServer({ searchAttributes: [] });
  try {
    await check("the README's programs run and print what the README says", () =>
      runReadmePrograms(program, consumer, server.address),
    );
    await checkGuide({ folder: path.join(folder, 'guide'), consumer, tarball, address: server.address, check });
  } finally {
    await server.stop();
  }
}

/** Follows the guide in an empty project, with the guide that the package contains. */
async function checkGuide({
  folder,
  consumer,
  tarball,
  address,
  check,
}: {
  readonly folder: string;
  readonly consumer: string;
  readonly tarball: string;
  readonly address: string;
  readonly check: Checker;
}): Promise<void> {
  await mkdir(folder);
  await writeFiles(folder, { 'package.json': EMPTY_PROJECT });
  const guide = readmeProgram(await readFile(path.join(consumer, 'node_modules/exactly-one', GUIDE), 'utf8'));
  const env = { ...process.env, TEMPORAL_ADDRESS: address };
  await check('the guide in the package is that of the repository', async () => {
    const ofRepository = readmeProgram(await readFile(path.join(PROJECT_FOLDER, GUIDE), 'utf8'));
    if (JSON.stringify(guide) !== JSON.stringify(ofRepository))
      throw new Error(`${GUIDE} was packed before it changed`);
  });
  await check("the guide's commands install everything into an empty project", () =>
    install(installations(guide), tarball, folder),
  );
  await writeFiles(folder, guide.files);
  await check("the types of the guide's files are right", () =>
    typeCheck({ consumer: folder, entries: [], resolution: 'nodenext' }),
  );
  await writeFiles(folder, MORE_TESTS);
  await check("the guide's tests pass in vitest", () => runLine(theOne(guide, 'npx vitest'), folder, env));
  await check("the guide's worker runs its commands", () => runGuideOrders(folder, address, guide.commands));
  await check("the guide's tests pass in jest", async () => {
    await writeFiles(folder, testsForJest({ ...guide.files, ...MORE_TESTS }));
    await install([['jest', '@jest/globals']], tarball, folder);
    await runLine('npx jest', folder, { ...env, NODE_OPTIONS: '--experimental-vm-modules' });
  });
  await check('so does that of a courier, whose service has pages and nested bodies', async () => {
    const courier = path.join(folder, 'courier');
    await mkdir(courier);
    await writeFiles(courier, readmeProgram(await readFile(path.join(PROJECT_FOLDER, COURIER), 'utf8')).files);
    await runLine('node ../node_modules/vitest/vitest.mjs run', courier, env);
  });
}

function runLine(line: string, folder: string, env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const [command = '', ...args] = line.split(' ');
  return runCommand(command, args, folder, env);
}

function theOne({ commands }: ReadmeProgram, beginning: string): string {
  const line = commands.find((each) => each.startsWith(beginning));
  if (line === undefined) throw new Error(`no command begins with ${beginning}`);
  return line;
}

/** `exactly-one`, `exactly-one/workflow`, ...: whatever package.json exports. */
async function entryPoints(): Promise<readonly string[]> {
  const { name, exports } = await manifestOf(PACKAGE);
  return Object.keys(exports).map((entry) => `${name}${entry.slice(1)}`);
}

async function manifestOf(folder: string) {
  const manifest: {
    readonly name: string;
    readonly exports: Readonly<Record<string, unknown>>;
    readonly dependencies: Readonly<Record<string, string>>;
    readonly devDependencies: Readonly<Record<string, string>>;
  } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  return manifest;
}

/** A command of a package that this project has installed. */
function installed(command: string): string {
  return path.join(PROJECT_FOLDER, 'node_modules/.bin', command);
}

/** The packages of each installation that a document shows. */
function installations({ commands }: ReadmeProgram): readonly (readonly string[])[] {
  const found = commands.flatMap((line) => INSTALL.exec(line)?.slice(1) ?? []);
  if (found.length === 0) throw new Error('the document does not say: npm install ...');
  return found.map((packages) => packages.split(' '));
}

/** As a document says, with this package instead of a published one, and all others as this project has them. */
async function install(packages: readonly (readonly string[])[], tarball: string, consumer: string): Promise<void> {
  const { dependencies, devDependencies } = await manifestOf(PROJECT_FOLDER);
  const versions: Readonly<Record<string, string | undefined>> = {
    ...dependencies,
    ...devDependencies,
    vitest: VITEST,
  };
  const exact = (given: string) => {
    const name = given.replace(/(?<=.)@.*$/, '');
    if (name.includes('exactly-one')) return tarball;
    return `${name}@${versions[name] ?? `(${name} has no known version)`}`;
  };
  for (const each of packages) {
    const args = ['install', '--no-audit', '--no-fund', '--prefer-offline', ...each.map(exact)];
    await runCommand('npm', args, consumer);
  }
}

async function checkContents(consumer: string): Promise<void> {
  const files = await readdir(path.join(consumer, 'node_modules/exactly-one'), { recursive: true });
  const missing = ['README.md', 'CHANGELOG.md', 'LICENSE', GUIDE, 'dist', 'src'].filter(
    (name) => !files.includes(name),
  );
  const superfluous = files.filter((name) => /\.(test|fixture)\./.test(name) || name.includes('tsconfig'));
  if (missing.length > 0) throw new Error(`missing: ${missing.join(', ')}`);
  if (superfluous.length > 0) throw new Error(`superfluous: ${superfluous.join(', ')}`);
}

async function runReadmePrograms(
  { commands, output }: ReadmeProgram,
  consumer: string,
  temporalAddress: string,
): Promise<void> {
  const programs = commands.flatMap((line) => /^node (\S+)$/.exec(line)?.[1] ?? []);
  if (programs.length === 0 || output.length === 0) {
    throw new Error('the README does not say how to run its programs, or their output');
  }
  const env = { ...process.env, TEMPORAL_ADDRESS: temporalAddress };
  const printed: string[] = [];
  for (const file of programs) printed.push(...(await runCommand('node', [file], consumer, env)));
  const seen = printed.filter((line) => output.includes(line));
  if (seen.join('\n') === output.join('\n')) return;
  throw new Error(`they do not print what the README says, but:\n${printed.join('\n')}`);
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
}
