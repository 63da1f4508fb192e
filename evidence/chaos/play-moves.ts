import { setTimeout as pause } from 'node:timers/promises';
import type { MovablePart, PlannedMove } from './plan/moves.ts';
import type { ChaosSystem } from './system/chaos-system.ts';

/** A move that was carried out. In epoch milliseconds. */
export interface DoneMove {
  readonly part: MovablePart;
  readonly atMs: number;
  readonly backAtMs: number;
}

/** Moves parts of the ticket system's database away as planned; resolves when all of them are back. */
export async function playMoves(
  system: Pick<ChaosSystem, 'moveAway'>,
  planned: readonly PlannedMove[],
): Promise<readonly DoneMove[]> {
  const startedAt = performance.now();
  const moves: Promise<DoneMove>[] = [];
  for (const { atMs, part, forMs } of planned) {
    await pause(Math.max(0, atMs - (performance.now() - startedAt)));
    moves.push(system.moveAway(part, forMs));
  }
  return Promise.all(moves);
}
