import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { errorMessage } from '../../src/contracts/errors.ts';
import { createCommandLine, runCommandLine } from '../../src/platform/processes/command-line.ts';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import { runProgram } from '../../src/platform/processes/run-program.ts';
import { startTemporalServer } from '../../testbed/processes.ts';
import { withTemporaryFolder } from '../../testbed/temporary-folder.ts';
import { typeCheck } from './consumer-types.ts';
import { type ReadmeProgram, readmeProgram } from './readme-program.ts';
import { runCommand } from './run-command.ts';

const PACKAGE = path.join(PROJECT_FOLDER, 'packages/exactly-one');
const INSTALL = 'npm install exactly-one';

const commandLine = createCommandLine('npm run test:package --', {
  description:
    'Builds and packs the library, checks the package, installs it into an empty project, and runs the program of its README there.',
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
  const program = readmeProgram(await readFile(path.join(PACKAGE, 'README.md'), 'utf8'));
  const entries = await entryPoints();

  await check('the library is built', () => runCommand('npm', ['run', 'build'], PROJECT_FOLDER));
  await check('the library is packed', () => runCommand('npm', ['pack', '--pack-destination', folder], PACKAGE));
  const tarball = path.join(folder, (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? 'no tarball');
  await check('publint finds nothing', () => runCommand(installed('publint'), ['run', '--strict', tarball], folder));
  await check('attw finds nothing', () => runCommand(installed('attw'), [tarball, '--profile', 'esm-only'], folder));
  await check("the README's command installs it into an empty project", () => install(program, tarball, consumer));
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
  await check("the README's program runs and prints what the README says", () => runReadmeProgram(program, consumer));
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
  } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  return manifest;
}

/** A command of a package that this project has installed. */
function installed(command: string): string {
  return path.join(PROJECT_FOLDER, 'node_modules/.bin', command);
}

/** As the README says, with this package instead of a published one, and Temporal's packages as this project has them. */
async function install({ commands }: ReadmeProgram, tarball: string, consumer: string): Promise<void> {
  const [, ...packages] =
    commands
      .find((line) => line.startsWith(INSTALL))
      ?.slice(INSTALL.length)
      .split(' ') ?? [];
  if (packages.length === 0) throw new Error(`the README does not say: ${INSTALL} ...`);
  const { dependencies } = await manifestOf(PROJECT_FOLDER);
  const versioned = packages.map((name) => `${name}@${dependencies[name]}`);
  await writeFiles(consumer, { 'package.json': '{ "private": true }' });
  await runCommand('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', tarball, ...versioned], consumer);
}

async function checkContents(consumer: string): Promise<void> {
  const files = await readdir(path.join(consumer, 'node_modules/exactly-one'), { recursive: true });
  const missing = ['README.md', 'CHANGELOG.md', 'LICENSE', 'dist', 'src'].filter((name) => !files.includes(name));
  const superfluous = files.filter((name) => /\.(test|fixture)\./.test(name) || name.includes('tsconfig'));
  if (missing.length > 0) throw new Error(`missing: ${missing.join(', ')}`);
  if (superfluous.length > 0) throw new Error(`superfluous: ${superfluous.join(', ')}`);
}

async function runReadmeProgram({ commands, output }: ReadmeProgram, consumer: string): Promise<void> {
  const main = commands.find((line) => line.startsWith('node '))?.slice('node '.length);
  if (main === undefined || output.length === 0)
    throw new Error('the README does not say how to run it, or its output');
  const server = await startTemporalServer({ searchAttributes: [] });
  try {
    const env = { ...process.env, TEMPORAL_ADDRESS: server.address };
    const printed = await runCommand('node', [main], consumer, env);
    const seen = printed.filter((line) => output.includes(line));
    if (seen.join('\n') === output.join('\n')) return;
    throw new Error(`it does not print what the README says, but:\n${printed.join('\n')}`);
  } finally {
    await server.stop();
  }
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
}
