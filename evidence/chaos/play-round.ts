import { setTimeout as pause } from 'node:timers/promises';
import { waitUntil } from '../../src/platform/processes/wait-until.ts';
import { fetchInFlight } from '../../src/services/ticket-system/fetch-in-flight.ts';
import { startOrderFlow } from './clients/order-flow.ts';
import type { PlayedOrder } from './clients/play-order.ts';
import { type SentPoison, sendPoison } from './clients/send-poison.ts';
import { type CollectedEvidence, collectEvidence, findCardNumbers } from './collect/collect-evidence.ts';
import { countOpen } from './collect/histories.ts';
import { checkAll, type InvariantViolation } from './invariants/check-all.ts';
import { orderPrefix, type RoundPlan } from './plan/round.ts';
import type { PlannedStall } from './plan/stalls.ts';
import type { PlannedStop } from './plan/stops.ts';
import { type DoneMove, playMoves } from './play-moves.ts';
import type { DoneStop } from './report/tally.ts';
import type { ChaosSystem, RoundFolders } from './system/chaos-system.ts';
import { ENDS_WITHIN_MS } from './timings.ts';

export interface PlayedRound extends CollectedEvidence {
  readonly plan: RoundPlan;
  readonly played: readonly PlayedOrder[];
  readonly stops: readonly DoneStop[];
  readonly moves: readonly DoneMove[];
  readonly poison: readonly SentPoison[];
  readonly violations: readonly InvariantViolation[];
}

interface RoundListener {
  onProgress(now: { readonly orders: number; readonly open: number; readonly stops: number }): void;
  onPhase(phase: 'calming down' | 'checking'): void;
}

/**
 * Submits orders while processes are stopped, the database is moved away, calls fail and poison is sent; then ends all
 * faults, waits for quiescence and checks.
 */
export async function playRound(
  system: ChaosSystem,
  plan: RoundPlan,
  folders: RoundFolders,
  listener: RoundListener,
): Promise<PlayedRound> {
  const { client } = system;
  const prefix = orderPrefix(plan.round);
  const stops: DoneStop[] = [];
  const flow = startOrderFlow(system, plan);
  const over = new AbortController();
  const poisoned = sendPoison(client, prefix, plan.poison, over.signal);
  const progress = setInterval(
    () => listener.onProgress({ orders: flow.submitted(), open: flow.open(), stops: stops.length }),
    1_000,
  );
  try {
    const [moves] = await Promise.all([
      playMoves(system, plan.moves),
      playStops(system, plan.stops, stops),
      playStalls(system, plan.stalls),
      flow.allSubmitted,
    ]);
    listener.onPhase('calming down');
    await system.calm();
    const calmAtMs = Date.now();
    const stopWaiting = setTimeout(flow.abort, ENDS_WITHIN_MS);
    const played = await flow.ended;
    clearTimeout(stopWaiting);
    await waitUntil(async () => (await countOpen(client, prefix)) === 0, {
      what: 'every order and every late watch of the round to be closed',
      timeoutMs: Math.max(1_000, calmAtMs + ENDS_WITHIN_MS - Date.now()),
      everyMs: 200,
      // I7 reports what is still open.
    }).catch(() => undefined);
    over.abort();
    const poison = await poisoned;

    listener.onPhase('checking');
    const inFlight = () => fetchInFlight(system.ticketSystemUrl);
    const collected = await collectEvidence({ client, prefix, played, folders, calmAtMs, inFlight });
    await system.flushLogs(folders);
    const cardNumbers = await findCardNumbers(collected, folders, system.temporalFiles);
    const violations: InvariantViolation[] = [
      ...checkAll(collected.evidence),
      ...cardNumbers.map((violation) => ({ invariant: 'I8' as const, ...violation })),
    ];
    return { ...collected, plan, played, stops, moves, poison, violations };
  } finally {
    clearInterval(progress);
    over.abort();
  }
}

/** Stops reading the logs of processes as planned; resolves when all of them are read again. */
async function playStalls(system: ChaosSystem, planned: readonly PlannedStall[]): Promise<void> {
  const startedAt = performance.now();
  const stalls: Promise<void>[] = [];
  for (const { atMs, process, forMs } of planned) {
    await pause(Math.max(0, atMs - (performance.now() - startedAt)));
    stalls.push(system.stallReader(process, forMs));
  }
  await Promise.all(stalls);
}

/** Stops processes as planned; resolves when all of them run again. */
async function playStops(system: ChaosSystem, planned: readonly PlannedStop[], done: DoneStop[]): Promise<void> {
  const startedAt = performance.now();
  const running: Promise<void>[] = [];
  for (const { atMs, process, kind, forMs } of planned) {
    await pause(Math.max(0, atMs - (performance.now() - startedAt)));
    let stoppedAtMs = Date.now();
    const onStopped = () => {
      stoppedAtMs = Date.now();
    };
    const stop = system.process(process).stop(kind, forMs, onStopped);
    running.push(stop.then(() => void done.push({ process, kind, atMs: stoppedAtMs, backAtMs: Date.now() })));
  }
  await Promise.all(running);
}
