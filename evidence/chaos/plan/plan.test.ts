import { expect, it } from '@jest/globals';
import { TICKET_SYSTEM_POINTS } from '../../../src/services/faults/ticket-system-faults.ts';
import { POISON_PAYLOADS } from '../../../testbed/poison-payloads.ts';
import { COVERED_MS, LONGEST_DELAY_MS, LONGEST_LATE_COMMIT_MS, TIMINGS } from '../timings.ts';
import { planClientSteps } from './client-steps.ts';
import { MOVABLE, planMoves } from './moves.ts';
import { planPoison } from './poison.ts';
import { planRound } from './round.ts';
import { LOGGING_PROCESSES, planStalls } from './stalls.ts';
import { PROCESSES, STOP_KINDS } from './stops.ts';

const SEEDS = [1, 2, 112_358, 4_294_967_295];
/** The rounds of a ten-minute run. */
const roundsOf = (seed: number) => [1, 2, 3].map((round) => planRound(seed, round, 175_000));

it('the same seed plans the same rounds and client steps, another seed plans others', () => {
  const all = (seed: number) => ({
    rounds: roundsOf(seed),
    clients: [1, 2, 3, 4, 5].map((n) => planClientSteps(seed, 1, n)),
  });
  expect(all(7)).toEqual(all(7));
  expect(all(7).rounds[0]?.stops).not.toEqual(all(8).rounds[0]?.stops);
});

it.each(SEEDS)('every round has every kind of fault at every point (seed %d)', (seed) => {
  const possible = Object.entries(TICKET_SYSTEM_POINTS).flatMap(([point, kinds]) =>
    kinds.map((kind) => `${point} ${kind}`),
  );
  for (const { faults } of roundsOf(seed)) {
    expect(new Set(faults.rules.map(({ point, kind }) => `${point} ${kind}`))).toEqual(new Set(possible));
    for (const { probability } of faults.rules) expect(probability).toBeGreaterThan(0);
  }
});

it.each(SEEDS)(
  'ten minutes have 200 stops, 20 of them of Temporal, and every kind of stop of every process (seed %d)',
  (seed) => {
    const stops = roundsOf(seed).flatMap((round) => round.stops);
    expect(stops.length).toBeGreaterThanOrEqual(200);
    expect(stops.filter(({ process }) => process === 'Temporal server').length).toBeGreaterThanOrEqual(20);
    const kinds = new Set(stops.map(({ process, kind }) => `${process} ${kind}`));
    expect(kinds.size).toBe(PROCESSES.length * STOP_KINDS.length);
  },
);

it('three rounds have each guarantee once', () => {
  expect(
    roundsOf(1)
      .map(({ guarantee }) => guarantee)
      .slice(0, 3)
      .sort(),
  ).toEqual(['deadline', 'idempotency-key', 'none']);
});

it('with guarantee none, freezes and delays keep every create within the time that the late watch covers', () => {
  const freezes = SEEDS.flatMap(roundsOf)
    .filter(({ guarantee }) => guarantee === 'none')
    .flatMap(({ stops }) => stops)
    .filter(({ kind }) => kind === 'SIGSTOP')
    .map(({ forMs }) => forMs);
  const delaysMs = LONGEST_LATE_COMMIT_MS + 2 * LONGEST_DELAY_MS;
  expect(TIMINGS.createDeadlineMs + 3 * Math.max(...freezes) + delaysMs).toBeLessThanOrEqual(COVERED_MS);
});

it('poison of every kind is sent to orders and to late watches within a minute, at other times with another seed', () => {
  for (const seed of SEEDS) {
    const poison = planPoison(seed, 1, 60_000);
    expect(new Set(poison.map(({ payload }) => payload))).toEqual(new Set(Object.keys(POISON_PAYLOADS)));
    expect(new Set(poison.map(({ target }) => target)).size).toBe(2);
    expect(planPoison(seed, 1, 60_000)).toEqual(poison);
    expect(planPoison(seed + 1, 1, 60_000)).not.toEqual(poison);
  }
});

it('the log of every process is not read for a while in a round of 25 s, at other times with another seed', () => {
  for (const seed of [...SEEDS, 6]) {
    for (const round of [1, 2, 3]) {
      const stalls = planStalls(seed, round, 25_000);
      expect(new Set(stalls.map(({ process }) => process))).toEqual(new Set(LOGGING_PROCESSES));
      expect(planStalls(seed, round, 25_000)).toEqual(stalls);
      expect(planStalls(seed + 1, round, 25_000)).not.toEqual(stalls);
    }
  }
});

it('every part of the database is moved away in a round of 25 s, at other times with another seed, never for long', () => {
  for (const seed of [...SEEDS, 6]) {
    for (const round of [1, 2, 3]) {
      const moves = planMoves(seed, round, 25_000);
      expect(new Set(moves.map(({ part }) => part))).toEqual(new Set(Object.keys(MOVABLE)));
      expect(Math.max(...moves.map(({ forMs }) => forMs))).toBeLessThanOrEqual(1_500);
      expect(planMoves(seed, round, 25_000)).toEqual(moves);
      expect(planMoves(seed + 1, round, 25_000)).not.toEqual(moves);
    }
    expect(planMoves(seed, 1, 8_000).length).toBeGreaterThanOrEqual(1);
  }
});

it('clients submit again, cancel, terminate, and leave most orders alone', () => {
  const clients = Array.from({ length: 1_000 }, (_, index) => planClientSteps(1, 1, index));
  expect(new Set(clients.flat().map(({ action }) => action)).size).toBe(4);
  expect(clients.filter((steps) => steps.length === 0).length).toBeGreaterThan(500);
});
