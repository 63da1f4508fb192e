import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { counted } from '../../src/contracts/counted.ts';
import { colors } from '../../src/platform/logging/colors.ts';
import type { Narrator } from '../../testbed/narrator.ts';
import { INVARIANTS } from './invariants/check-all.ts';
import { keepRound } from './kept-round.ts';
import { planRound, type RoundPlan } from './plan/round.ts';
import { type PlayedRound, playRound } from './play-round.ts';
import { countBy } from './report/counts.ts';
import { type ChaosReport, unmetIn } from './report/report.ts';
import { type InjectedFault, type RoundTally, sumOf, tallyRound } from './report/tally.ts';
import { type ChaosSystem, type RoundFolders, startChaosSystem } from './system/chaos-system.ts';

interface ChaosOptions {
  readonly minutes: number;
  readonly seed: number;
  /** Keeps databases, logs and histories even if every invariant holds. */
  readonly keep: boolean;
}

interface ChaosResult {
  readonly report: ChaosReport;
  /** Undefined if nothing was kept. */
  readonly keptFolder: string | undefined;
}

const LONGEST_ROUND_MS = 200_000;
const SHORTEST_ROUND_MS = 8_000;
/** The time that a round needs after its active part, to come to rest and to be checked. */
const REST_MS = 15_000;
/** In a run of a minute or more each guarantee has its round, on a slow machine too. */
const MIN_ROUNDS = 3;

/** Plays rounds until the time is over or an invariant is violated. */
export async function runChaos({ minutes, seed, keep }: ChaosOptions, narrator: Narrator): Promise<ChaosResult> {
  const startedAt = performance.now();
  const timeLeftMs = () => minutes * 60_000 - (performance.now() - startedAt);
  const roundMs = Math.min(LONGEST_ROUND_MS, Math.max(SHORTEST_ROUND_MS, (minutes * 60_000) / MIN_ROUNDS - REST_MS));
  const folder = await mkdtemp(path.join(tmpdir(), `chaos-${seed}-`));
  const tallies: RoundTally[] = [];
  const unexpected: string[] = [];
  let violations: PlayedRound['violations'] = [];
  let faults: InjectedFault[] = [];
  let droppedLines = 0;
  let refused = 0;
  let system: ChaosSystem | undefined;

  const listener = {
    onFault: (fault: InjectedFault) => {
      faults.push(fault);
    },
    onDroppedLines: (count: number) => {
      droppedLines += count;
    },
    onRefused: () => {
      refused += 1;
    },
    onUnexpected: (what: string) => {
      unexpected.push(what);
      narrator.step(colors.yellow(what));
    },
  };

  try {
    const minRounds = minutes < 1 ? 1 : MIN_ROUNDS;
    for (let round = 1; violations.length === 0 && (round <= minRounds || timeLeftMs() > REST_MS); round += 1) {
      const activeMs = Math.round(Math.min(roundMs, Math.max(SHORTEST_ROUND_MS, timeLeftMs() - REST_MS)));
      const plan = planRound(seed, round, activeMs);
      const folders = await createFolders(folder, round);
      faults = [];
      droppedLines = 0;
      refused = 0;
      if (system === undefined) system = await startChaosSystem(folder, plan, folders, listener);
      else await system.beginRound(plan, folders);
      const played = await narrateRound(system, plan, folders, narrator);
      const actions = played.played.flatMap((order) => order.actions);
      tallies.push(tallyRound({ ...played, actions, faults, stalls: plan.stalls, droppedLines, refused }));
      violations = played.violations;
      if (keep || violations.length > 0) await keepRound(path.join(folder, `round-${round}`), played);
    }
  } finally {
    await system?.close();
  }

  const sum = sumOf(tallies);
  const report: ChaosReport = {
    seed,
    minutes: (performance.now() - startedAt) / 60_000,
    rounds: tallies.length,
    ...sum,
    invariants: Object.entries(INVARIANTS).map(([name, sentence]) => `${name}: ${sentence}`),
    violations: violations.map(
      ({ invariant, orderId, what }) => `${invariant}${orderId ? ` ${orderId}` : ''}: ${what}`,
    ),
    unexpected: [...unexpected, ...unmetIn(sum)],
  };
  if (keep || violations.length > 0) {
    await writeFile(path.join(folder, 'report.json'), JSON.stringify(report, null, 2));
    return { report, keptFolder: folder };
  }
  await rm(folder, { recursive: true, force: true });
  return { report, keptFolder: undefined };
}

/** Plays a round and prints its plan, its progress and its result. */
async function narrateRound(
  system: ChaosSystem,
  plan: RoundPlan,
  folders: RoundFolders,
  narrator: Narrator,
): Promise<PlayedRound> {
  const { round, guarantee, activeMs, stops } = plan;
  const name = `round ${round}, guarantee ${guarantee}`;
  const planned = Object.entries(countBy(stops, ({ process }) => process)).map(([process, n]) => `${process} ${n}`);
  narrator.step(
    `${name}: ${Math.round(activeMs / 1_000)} s with ${counted(stops.length, 'stop')}: ${planned.join(', ')}`,
  );
  const played = await playRound(system, plan, folders, {
    onProgress: (now) =>
      narrator.show([
        `round ${round}: ${counted(now.orders, 'order')}, ${now.open} open, ${now.stops} of ${counted(stops.length, 'stop')}`,
      ]),
    onPhase: (phase) => narrator.show([`round ${round}: ${phase}`]),
  });
  narrator.show([]);
  const { violations, evidence } = played;
  const verdict =
    violations.length === 0
      ? colors.green('every invariant holds')
      : colors.red(`${counted(violations.length, 'violation')}, the first: ${violations[0]?.what}`);
  narrator.step(
    `${name}: ${counted(evidence.orders.length, 'order')}, ${counted(played.stops.length, 'stop')}; ${verdict}`,
  );
  return played;
}

async function createFolders(folder: string, round: number): Promise<RoundFolders> {
  const folders = {
    database: path.join(folder, `round-${round}`, 'database'),
    logs: path.join(folder, `round-${round}`, 'logs'),
  };
  for (const each of Object.values(folders)) await mkdir(each, { recursive: true });
  return folders;
}
