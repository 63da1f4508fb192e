import { availableParallelism } from 'node:os';
import { counted } from '../../src/contracts/counted.ts';
import { errorMessage } from '../../src/contracts/errors.ts';
import { percentile } from '../../testbed/percentile.ts';
import { type BenchServer, withBenchServer } from './bench-server.ts';
import { closedLoop } from './closed-loop.ts';
import { cloudActions } from './cloud-actions.ts';
import type { Contender, ContenderProcess, RunningContender } from './contender.ts';
import { processorMsOf, processorMsOfMachine } from './processor-time.ts';
import type { Progress } from './progress.ts';
import { idsOf, inRound } from './rounds.ts';

const WARM_UP_RUNS = 20;
const WARM_UP_CONCURRENCY = 8;
/** Histories that are read to count events and actions. */
const SAMPLED_HISTORIES = 10;
const MIN_RUNS = 30;
const RUNS_PER_OPEN = 8;

export interface ThroughputOptions {
  /** How many workflows are open at once; each is measured. */
  readonly at: readonly number[];
  readonly rounds: number;
  /** How many workflows run at each concurrency; default 30, and at least eight for each that is open. */
  readonly runs?: number;
}

/** One contender at one concurrency in one round. */
export interface Measurement {
  readonly contender: string;
  readonly round: number;
  readonly at: number;
  readonly runs: number;
  readonly failed: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Processor time per run in milliseconds; undefined where the system does not say. */
  readonly serverMs: number | undefined;
  readonly workerMs: number | undefined;
  readonly servicesMs: number | undefined;
  /** Events of a history, the median of some. */
  readonly events: number;
  /** Actions of Temporal Cloud for a workflow, the median of some. */
  readonly actions: number;
  /** The share of the machine's processors that other programs used meanwhile, 0 to 1; undefined where it is not known. */
  readonly othersShare: number | undefined;
  /** The first error, if a run failed. */
  readonly error?: string;
}

/**
 * Measures contenders in alternation, in the order A B, B A, A B. Each round has a fresh server, which all contenders use
 * one after the other.
 */
export async function measureThroughput(
  contenders: readonly Contender[],
  options: ThroughputOptions,
  { narrator, signal }: Progress,
): Promise<readonly Measurement[]> {
  const measurements: Measurement[] = [];
  const warmUpRuns = Math.min(options.runs ?? WARM_UP_RUNS, WARM_UP_RUNS);
  for (let round = 1; round <= options.rounds; round += 1) {
    await withBenchServer(async (server) => {
      for (const contender of inRound(round, contenders)) {
        narrator.step(`round ${round} of ${options.rounds}: ${contender.name}`);
        const running = await contender.start(server);
        try {
          await closedLoop(idsOf(`warm-up-${round}`, warmUpRuns), WARM_UP_CONCURRENCY, running.run);
          for (const at of options.at) {
            signal.throwIfAborted();
            const ids = idsOf(`${round}-${at}`, options.runs ?? Math.max(MIN_RUNS, RUNS_PER_OPEN * at));
            const measuring = measureBlock(server, running, { name: contender.name, round, at, ids });
            const measured = await narrator.during(`${counted(ids.length, 'run')}, ${at} at once`, measuring);
            narrator.detail(`${at} at once: ${measured.perSecond.toFixed(1)} per second`);
            measurements.push(measured);
          }
        } finally {
          await running.stop();
        }
      }
    });
  }
  return measurements;
}

async function measureBlock(
  server: BenchServer,
  running: RunningContender,
  block: { readonly name: string; readonly round: number; readonly at: number; readonly ids: readonly string[] },
): Promise<Measurement> {
  const before = processorTimes(server, running);
  const result = await closedLoop(block.ids, block.at, running.run);
  const after = processorTimes(server, running);
  const { latenciesMs, workflowIds, errors, tookMs } = result;
  const runs = block.ids.length;
  const perRun = (name: 'server' | 'worker' | 'services') => difference(before[name], after[name], runs);
  const histories = await Promise.all(workflowIds.slice(-SAMPLED_HISTORIES).map((id) => eventsOf(server, id)));
  const others = difference(before.others, after.others, tookMs * availableParallelism());
  return {
    contender: block.name,
    round: block.round,
    at: block.at,
    runs,
    failed: errors.length,
    perSecond: latenciesMs.length / (tookMs / 1_000),
    p50Ms: percentile(latenciesMs, 0.5),
    p95Ms: percentile(latenciesMs, 0.95),
    serverMs: perRun('server'),
    workerMs: perRun('worker'),
    servicesMs: perRun('services'),
    events: percentile(
      histories.map(({ length }) => length),
      0.5,
    ),
    actions: percentile(histories.map(cloudActions), 0.5),
    othersShare: others === undefined ? undefined : Math.max(0, others),
    ...(errors.length === 0 ? {} : { error: errorMessage(errors[0]) }),
  };
}

/** Processor time so far, in milliseconds. */
function processorTimes(server: BenchServer, { processes }: RunningContender) {
  const sumOf = (role: ContenderProcess['role']) => {
    const times = processes.filter((each) => each.role === role).map(({ pid }) => processorMsOf(pid));
    return times.length === 0 ? undefined : sum(times);
  };
  const all = sum([processorMsOfMachine()]);
  const ours = sum([processorMsOf(process.pid)]);
  return {
    server: processorMsOf(server.pid),
    worker: sumOf('worker'),
    services: sumOf('services'),
    others: all === undefined || ours === undefined ? undefined : all - ours,
  };
}

function difference(before: number | undefined, after: number | undefined, divisor: number): number | undefined {
  return before === undefined || after === undefined ? undefined : (after - before) / divisor;
}

function sum(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce<number | undefined>(
    (total, value) => (total === undefined || value === undefined ? undefined : total + value),
    0,
  );
}

async function eventsOf({ client }: BenchServer, workflowId: string) {
  return (await client.workflow.getHandle(workflowId).fetchHistory()).events ?? [];
}
