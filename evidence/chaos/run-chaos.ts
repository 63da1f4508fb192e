import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { colors } from '../../src/platform/logging/colors.ts';
import type { Narrator } from '../../testbed/narrator.ts';
import { INVARIANTS } from './invariants/check-all.ts';
import { keepRound } from './keep.ts';
import { planRound, type RoundPlan } from './plan/round.ts';
import type { PlannedStop } from './plan/stops.ts';
import { type PlayedRound, playRound } from './play-round.ts';
import type { ChaosReport } from './report/report.ts';
import { type RoundTally, sumOf, tallyRound } from './report/tally.ts';
import { type ChaosSystem, type RoundFolders, startChaosSystem } from './system/chaos-system.ts';

export interface ChaosOptions {
  readonly minutes: number;
  readonly seed: number;
  /** Keeps databases, logs and histories also when nothing is wrong. */
  readonly keep: boolean;
}

export interface ChaosOutcome {
  readonly report: ChaosReport;
  /** Where everything is kept; undefined when it was removed. */
  readonly kept: string | undefined;
}

const LONGEST_ROUND_MS = 200_000;
const SHORTEST_ROUND_MS = 8_000;
/** What a round needs beside, to come to rest and be checked. */
const REST_MS = 15_000;
/** From a minute on, each of the three guarantees has its turn, on a slow machine too. */
const LEAST_ROUNDS = 3;

/** Plays round after round until the time is over or something is wrong. */
export async function runChaos({ minutes, seed, keep }: ChaosOptions, narrator: Narrator): Promise<ChaosOutcome> {
  const begunAt = performance.now();
  const timeLeftMs = () => minutes * 60_000 - (performance.now() - begunAt);
  const roundMs = Math.min(LONGEST_ROUND_MS, Math.max(SHORTEST_ROUND_MS, (minutes * 60_000) / LEAST_ROUNDS - REST_MS));
  const folder = await mkdtemp(path.join(tmpdir(), `chaos-${seed}-`));
  const tallies: RoundTally[] = [];
  const unexpected: string[] = [];
  let found: PlayedRound['found'] = [];
  let injected: { point: string; kind: string }[] = [];
  let system: ChaosSystem | undefined;

  const listener = {
    onLine: (process: string, line: string) => {
      if (process === 'ticket system' && line.includes('a fault strikes')) injected.push(JSON.parse(line));
    },
    onUnexpected: (what: string) => {
      unexpected.push(what);
      narrator.step(colors.yellow(what));
    },
  };

  try {
    const leastRounds = minutes < 1 ? 1 : LEAST_ROUNDS;
    for (let round = 1; found.length === 0 && (round <= leastRounds || timeLeftMs() > REST_MS); round += 1) {
      const activeMs = Math.round(Math.min(roundMs, Math.max(SHORTEST_ROUND_MS, timeLeftMs() - REST_MS)));
      const plan = planRound(seed, round, activeMs);
      const folders = await foldersOf(folder, round);
      injected = [];
      if (system === undefined) system = await startChaosSystem(folder, plan, folders, listener);
      else await system.beginRound(plan, folders);
      const played = await tellRound(system, plan, folders, narrator);
      const actions = played.played.flatMap((order) => order.actions);
      tallies.push(tallyRound({ evidence: played.evidence, actions, stops: played.stops, faults: injected }));
      found = played.found;
      if (keep || found.length > 0) await keepRound(path.join(folder, `round-${round}`), played);
    }
  } finally {
    await system?.close();
  }

  const report: ChaosReport = {
    seed,
    minutes: (performance.now() - begunAt) / 60_000,
    rounds: tallies.length,
    ...sumOf(tallies),
    invariants: Object.entries(INVARIANTS).map(([name, sentence]) => `${name}: ${sentence}`),
    violations: found.map(({ invariant, orderId, what }) => `${invariant}${orderId ? ` ${orderId}` : ''}: ${what}`),
    unexpected,
  };
  if (keep || found.length > 0) {
    await writeFile(path.join(folder, 'report.json'), JSON.stringify(report, null, 2));
    return { report, kept: folder };
  }
  await rm(folder, { recursive: true, force: true });
  return { report, kept: undefined };
}

async function tellRound(
  system: ChaosSystem,
  plan: RoundPlan,
  folders: RoundFolders,
  narrator: Narrator,
): Promise<PlayedRound> {
  const { round, guarantee, activeMs, stops } = plan;
  narrator.step(
    `round ${round}, ${guarantee}: ${Math.round(activeMs / 1_000)} s with ${stops.length} stops: ${listOf(stops)}`,
  );
  const played = await playRound(system, plan, folders, {
    onProgress: (now) =>
      narrator.show([`round ${round}: ${now.orders} orders, ${now.open} open, ${now.stops} of ${stops.length} stops`]),
    onPhase: (phase) => narrator.show([`round ${round}: ${phase}`]),
  });
  narrator.show([]);
  const { orders } = played.evidence;
  const verdict =
    played.found.length === 0
      ? colors.green('every invariant holds')
      : colors.red(`${played.found.length} violations, the first: ${played.found[0]?.what}`);
  narrator.step(
    `round ${round}, ${guarantee}: ${orders.length} orders have ended, ${played.stops.length} stops; ${verdict}`,
  );
  return played;
}

function listOf(stops: readonly PlannedStop[]): string {
  const counts = new Map<string, number>();
  for (const { process } of stops) counts.set(process, (counts.get(process) ?? 0) + 1);
  return [...counts].map(([process, count]) => `${process} ${count}`).join(', ');
}

async function foldersOf(folder: string, round: number): Promise<RoundFolders> {
  const folders = {
    database: path.join(folder, `round-${round}`, 'database'),
    logs: path.join(folder, `round-${round}`, 'logs'),
  };
  for (const each of Object.values(folders)) await mkdir(each, { recursive: true });
  return folders;
}
