import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { didYouMean } from '../../src/contracts/did-you-mean.ts';
import { errorMessage } from '../../src/contracts/errors.ts';
import { createCommandLine, runCommandLine } from '../../src/platform/processes/command-line.ts';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import { runProgram } from '../../src/platform/processes/run-program.ts';
import { type Child, startChild } from '../../src/platform/processes/start-child.ts';
import { untilLine } from '../../src/platform/processes/until-ready.ts';
import { linkPackages } from '../../testbed/source-copy.ts';
import { commandBlocks, readyLineOf } from './commands.ts';
import { DOCUMENTS, GUIDE } from './documents.ts';

/** CI runs these already. */
const RUN_ELSEWHERE = ['npm test', 'npm run test:unit', 'npm run lint', 'npm run types'];
const COMMAND_WITHIN_MS = 600_000;

interface Running {
  readonly env: Record<string, string | undefined>;
  readonly servers: Child[];
}

const counts = { passed: 0, failed: 0 };
let folder = '';

const commandLine = createCommandLine('npm run test:documents --', {
  description:
    'Runs every command that the documents show, as written, section by section, in a copy of the project. It uses the ' +
    'default ports, so nothing else of the project may run.',
  exitCodes: { 0: 'every command succeeded', 1: 'a command failed' },
})
  .argument('[document...]', `some of ${DOCUMENTS.join(', ')} (default: all)`)
  .option('--counts <file>', 'also write the numbers of passed and failed commands to this file, as JSON');

await runProgram(() => runCommandLine(commandLine, process.argv.slice(2), runDocuments));

async function runDocuments(given: readonly string[], { counts: file }: { readonly counts?: string }): Promise<number> {
  const unknown = given.find((document) => !DOCUMENTS.includes(document));
  if (unknown !== undefined) {
    commandLine.error(
      `error: ${unknown} is not a document: choose some of ${DOCUMENTS.join(', ')}.${didYouMean(unknown, DOCUMENTS)}`,
    );
  }
  folder = await mkdtemp(path.join(tmpdir(), 'temporal-ticketing-docs-'));
  try {
    await copyProject(folder);
    for (const document of given.length > 0 ? given : DOCUMENTS) await runDocument(document);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if (file !== undefined) await writeFile(file, JSON.stringify(counts));
  console.log(`documents: ${counts.passed} passed, ${counts.failed} failed`);
  return counts.failed === 0 ? 0 : 1;
}

async function runDocument(document: string): Promise<void> {
  if (document === GUIDE) {
    console.log(`skip  ${document}: npm run test:package runs its commands in an empty project`);
    return;
  }
  const blocks = commandBlocks(await readFile(path.join(PROJECT_FOLDER, document), 'utf8'));
  for (const section of new Set(blocks.map((block) => block.section))) {
    const running: Running = { env: { ...process.env }, servers: [] };
    for (const { commands } of blocks.filter((block) => block.section === section)) {
      for (const command of commands) await runCommand(`${document}, ${section}`, command, running);
    }
    for (const server of running.servers.reverse()) await server.stop(30_000);
  }
}

async function runCommand(where: string, command: string, running: Running): Promise<void> {
  if (RUN_ELSEWHERE.includes(command)) return;
  const begunAt = performance.now();
  const output: string[] = [];
  try {
    const child = await startChild({
      name: command,
      command: 'bash',
      args: ['-c', command],
      cwd: folder,
      env: running.env,
      onLine: (line) => output.push(line),
    });
    const ready = readyLineOf(command);
    if (ready === undefined) await untilDone(child);
    else await untilServes(child, ready, running);
    counts.passed += 1;
    console.log(`ok    ${where}: ${command} (${((performance.now() - begunAt) / 1_000).toFixed(1)} s)`);
  } catch (error) {
    counts.failed += 1;
    console.log(`FAIL  ${where}: ${command}\n${errorMessage(error)}\n${output.slice(-40).join('\n')}`);
  }
}

async function untilDone(child: Child): Promise<void> {
  const timer = setTimeout(() => void child.kill(), COMMAND_WITHIN_MS);
  const { code, signal } = await child.exited;
  clearTimeout(timer);
  if (code !== 0) throw new Error(signal === null ? `exit code ${code}` : `ended by ${signal}`);
}

async function untilServes(child: Child, ready: RegExp, running: Running): Promise<void> {
  running.servers.push(child);
  await untilLine(child, ready, { what: `a line that fits ${ready}`, timeoutMs: 180_000 });
}

/** The project without the data of other runs; it shares the installed packages. */
async function copyProject(to: string): Promise<void> {
  const names = [
    ...['packages', 'src', 'testbed', 'demos', 'evidence', 'test', 'examples', 'scripts', 'docs'],
    ...['package.json', 'package-lock.json', 'tsconfig.json', 'jest.config.js', 'biome.json', '.env.example'],
  ];
  for (const name of names) await cp(path.join(PROJECT_FOLDER, name), path.join(to, name), { recursive: true });
  for (const name of ['reservations/order-112358.json', 'tickets/order-112358']) {
    await cp(path.join(PROJECT_FOLDER, 'database', name), path.join(to, 'database', name), { recursive: true });
  }
  await linkPackages(PROJECT_FOLDER, to);
}
