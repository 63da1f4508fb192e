import { availableParallelism, cpus } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { MAX_SEED } from '../../src/contracts/whole-number.ts';
import {
  addCommand,
  createCommandLine,
  oneOf,
  parseCommandLine,
  wholeNumber,
} from '../../src/platform/processes/command-line.ts';
import { onStopSignals } from '../../src/platform/processes/on-stop-signals.ts';
import { runProgram } from '../../src/platform/processes/run-program.ts';
import { TICKET_SYSTEM_PRESETS } from '../../src/services/faults/ticket-system-faults.ts';
import { createNarrator } from '../../testbed/narrator.ts';
import { checksReport, measureChecks } from './checks.ts';
import { measureMemory, memoryReport } from './memory.ts';
import { checkedInput, otherContender } from './other-contender.ts';
import { type OwnOptions, WORKLOADS } from './our-contenders.ts';
import type { Progress } from './progress.ts';
import { measureRecovery, recoveryReport } from './recovery.ts';
import { measureThroughput } from './throughput.ts';
import { doubts, ratios, summaries, throughputReport } from './throughput-report.ts';

/** What is printed in the end: the lines for people, or one JSON object. */
interface Report {
  readonly lines: readonly string[];
  readonly json: object;
  /** Default 0. */
  readonly exitCode?: number;
}

interface OwnGiven {
  readonly faults: string;
  readonly seed: number;
  readonly workers: number;
  readonly set?: Readonly<Record<string, string>>;
  readonly json: boolean;
}

interface ThroughputGiven extends OwnGiven {
  readonly workloads: readonly (keyof typeof WORKLOADS)[];
  readonly at: readonly number[];
  readonly rounds: number;
  readonly runs?: number;
  readonly otherCommand?: string;
  readonly otherName: string;
  readonly otherQueue?: string;
  readonly otherType?: string;
  readonly otherInput: string;
}

const EXIT_CODES = { 0: 'measured', 1: 'a workflow failed, or the measurement was stopped' };
const PRESETS = Object.keys(TICKET_SYSTEM_PRESETS);
const MAX_OPEN = 500;

const program = createCommandLine('npm run bench --', {
  description:
    'Measures orders and transfers on this machine, each measurement with a Temporal server, services and workers of its ' +
    'own. Compare numbers of one run only, and on a machine that does nothing else.',
});

withOwnOptions(
  addCommand(program, 'throughput', {
    summary: 'workflows per second, latency, processor time, events and actions; what runs without a command',
    description: 'Measures workflows per second, latency, processor time, events and actions, in alternating rounds.',
    exitCodes: EXIT_CODES,
    isDefault: true,
  }),
)
  .addOption(listOption('--workloads <names>', 'what is measured of ours', readWorkloads, Object.keys(WORKLOADS)))
  .addOption(listOption('--at <numbers>', 'how many workflows are open at once', readNumbers(1, MAX_OPEN), [1, 8, 32]))
  .option('--rounds <n>', 'rounds, each with a fresh server', wholeNumber(1, 100), 2)
  .option('--runs <n>', 'workflows at each of them (default: 30, and 8 for each that is open)', wholeNumber(1, 100_000))
  .option('--other-command <command>', 'measure another worker too: {address} in its command is that of the server')
  .option('--other-name <name>', 'what the report calls it', 'other')
  .option('--other-queue <name>', 'its task queue')
  .option('--other-type <name>', 'its workflow type')
  .option('--other-input <json>', 'its input: {id} is an id that is used once', checkedInput, '"{id}"')
  .action((given: ThroughputGiven) => report(given.json, (progress) => throughput(given, progress)));

withOwnOptions(
  addCommand(program, 'recovery', {
    summary: 'how long orders take whose worker is killed',
    description: 'Kills the worker of many orders, starts another one and measures how long the orders take.',
    exitCodes: EXIT_CODES,
  }),
)
  .option('--orders <n>', 'how many orders', wholeNumber(2, 1_000), 40)
  .action((given: OwnGiven & { orders: number }) => report(given.json, (progress) => recovery(given, progress)));

withOwnOptions(
  addCommand(program, 'memory', {
    summary: 'memory of the worker and of the ticket system over many orders',
    description: 'Samples the memory of the worker and of the ticket system twenty times over many orders.',
    exitCodes: EXIT_CODES,
  }),
)
  .option('--orders <n>', 'how many orders', wholeNumber(20, 1_000_000), 10_000)
  .action((given: OwnGiven & { orders: number }) => report(given.json, (progress) => memory(given, progress)));

addCommand(program, 'checks', {
  summary: 'what it costs to check an order with many tickets on disk',
  description: 'Measures the check of one order on ticket systems of different sizes, in alternation.',
  exitCodes: EXIT_CODES,
})
  .addOption(listOption('--tickets <numbers>', 'tickets on disk', readNumbers(1, 1_000_000), [10, 1_000, 100_000]))
  .option('--checks <n>', 'checks for each of them', wholeNumber(1, 100_000), 500)
  .option('--json', 'print one JSON object to stdout; progress goes to stderr', false)
  .action((given: { tickets: readonly number[]; checks: number; json: boolean }) =>
    report(given.json, async (progress) => {
      const costs = await measureChecks(given.tickets, given.checks, progress);
      return { lines: checksReport(costs), json: { costs } };
    }),
  );

let exitCode = 0;
await runProgram(async () => (await parseCommandLine(program, process.argv.slice(2))) ?? exitCode);

function withOwnOptions(command: Command): Command {
  return command
    .option('--faults <preset>', `of the services: ${PRESETS.join(', ')}`, oneOf('a preset', PRESETS), 'calm')
    .option('--seed <n>', 'of the faults', wholeNumber(0, MAX_SEED), 1)
    .option('--workers <n>', 'worker processes', wholeNumber(1, 16), 1)
    .option('--set <NAME=value>', 'a setting of the workers; may be repeated', readSetting)
    .option('--json', 'print one JSON object to stdout; progress goes to stderr', false);
}

async function throughput(given: ThroughputGiven, progress: Progress): Promise<Report> {
  const { otherCommand: command, otherName: name, otherQueue, otherType, otherInput: input } = given;
  const own = given.workloads.map((workload) => WORKLOADS[workload](ownOptions(given)));
  const needed = { '--other-queue': otherQueue, '--other-type': otherType };
  const missing = Object.entries(needed).flatMap(([option, value]) => (value === undefined ? [option] : []));
  if (command !== undefined && missing.length > 0) {
    throw new Error(`--other-command needs ${missing.join(' and ')}`);
  }
  const others =
    command === undefined || otherQueue === undefined || otherType === undefined
      ? []
      : [otherContender({ name, command, taskQueue: otherQueue, workflowType: otherType, input })];
  const measurements = await measureThroughput([...own, ...others], given, progress);
  const to = others[0]?.name;
  return {
    lines: throughputReport(measurements, to),
    json: {
      medians: summaries(measurements),
      ratios: ratios(measurements, to),
      doubts: doubts(measurements),
      measurements,
    },
    exitCode: measurements.some(({ failed }) => failed > 0) ? 1 : 0,
  };
}

async function recovery({ orders, ...given }: OwnGiven & { orders: number }, progress: Progress): Promise<Report> {
  const measured = await measureRecovery(orders, ownOptions(given), progress);
  return { lines: recoveryReport(measured), json: { recovery: measured }, exitCode: measured.failed > 0 ? 1 : 0 };
}

async function memory({ orders, ...given }: OwnGiven & { orders: number }, progress: Progress): Promise<Report> {
  const samples = await measureMemory(orders, ownOptions(given), progress);
  return { lines: memoryReport(samples), json: { samples } };
}

/** Measures, and prints the report. Ctrl-C stops all processes that were started. */
async function report(json: boolean, measure: (progress: Progress) => Promise<Report>): Promise<void> {
  const narrator = createNarrator(json);
  const stopping = new AbortController();
  onStopSignals(
    () => stopping.abort(new Error('stopped before the end')),
    () => process.exit(1),
  );
  try {
    const measured = await measure({ narrator, signal: stopping.signal });
    narrator.end();
    if (json) console.log(JSON.stringify({ machine: machine(), ...measured.json }));
    else for (const line of measured.lines) console.log(line);
    exitCode = measured.exitCode ?? 0;
  } finally {
    narrator.end();
  }
}

function machine() {
  return {
    processors: availableParallelism(),
    model: cpus()[0]?.model,
    platform: process.platform,
    node: process.version,
  };
}

function ownOptions({ faults, seed, workers, set = {} }: OwnGiven): OwnOptions {
  return { faults, faultSeed: seed, workers, settings: set };
}

/** An option whose values are separated by commas, also in its help. */
function listOption<T>(
  flags: string,
  description: string,
  parse: (text: string) => readonly T[],
  values: readonly T[],
): Option {
  return new Option(flags, description).argParser(parse).default(values, values.join(','));
}

function readWorkloads(text: string): readonly string[] {
  const names = Object.keys(WORKLOADS);
  return text.split(',').map((name) => oneOf('a workload', names)(name.trim()));
}

function readNumbers(min: number, max: number): (text: string) => readonly number[] {
  return (text) => text.split(',').map((part) => wholeNumber(min, max)(part.trim()));
}

function readSetting(text: string, settings: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const [, name, value] = /^([A-Z_]+)=(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('expected NAME=value.');
  return { ...settings, [name]: value };
}
