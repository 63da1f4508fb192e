import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { errorMessage } from '../../src/contracts/errors.ts';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import { type Child, startChild } from '../../src/platform/processes/start-child.ts';
import { untilLine } from '../../src/platform/processes/until-ready.ts';
import { linkPackages } from '../../testbed/source-copy.ts';
import { commandBlocks, readyLineOf } from './commands.ts';
import { DOCUMENTS } from './documents.ts';

/**
 * `npm run test:documents [-- document ...] [--counts file]`
 * Runs every command that the documents show, as written, section by section, in a copy of the project.
 * It uses the default ports, so nothing else of the project may run. Exits with 1 when a command fails.
 */
/** CI runs these already. */
const RUN_ELSEWHERE = ['npm test', 'npm run test:unit', 'npm run lint', 'npm run types'];
const COMMAND_WITHIN_MS = 600_000;

interface Running {
  readonly env: Record<string, string | undefined>;
  readonly servers: Child[];
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { counts: { type: 'string' } } });
const counts = { passed: 0, failed: 0 };
const folder = await mkdtemp(path.join(tmpdir(), 'temporal-ticketing-docs-'));
try {
  await copyProject(folder);
  for (const document of positionals.length > 0 ? positionals : DOCUMENTS) await runDocument(document);
} finally {
  await rm(folder, { recursive: true, force: true });
}
if (values.counts !== undefined) await writeFile(values.counts, JSON.stringify(counts));
console.log(`documents: ${counts.passed} passed, ${counts.failed} failed`);
process.exit(counts.failed === 0 ? 0 : 1);

async function runDocument(document: string): Promise<void> {
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
  await untilLine(child, ready, { what: `a line that fits ${ready}`, timeoutMs: 90_000 });
  const pid = child.output
    .tail()
    .join('\n')
    .match(/worker is ready, process (\d+)/)?.[1];
  if (pid !== undefined) running.env.WORKER_PID = pid;
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
