import { type BackOff, fullJitterMs } from 'exactly-one';
import { colors } from '../../src/platform/logging/colors.ts';
import { textTable } from '../../src/platform/terminal/text-table.ts';
import { count } from '../../testbed/number-text.ts';
import { createSeededRandom } from '../../testbed/seeded-random.ts';
import type { Lab, LabOptions, LabReport } from './lab.ts';
import { dotsInRange, verticalBars } from './text-plot.ts';

const BACK_OFF: BackOff = { baseMs: 1_000, capMs: 10_000 };
const ROUNDS = 6;
const CLIENTS = 1_000;
/** All clients fail at 0 ms; every request before this moment fails again. */
const OUTAGE_MS = 5_000;
const BUCKET_MS = 100;
const BUCKETS_OF_A_COLUMN = 2;
const PLOT_WIDTH = 72;
const PLOT_HEIGHT = 6;
const PLOTTED_DELAYS = 12;

/** The delay after a failure, in milliseconds. */
type Delay = (round: number) => number;

/** The requests that the service gets from all clients after they have failed. */
interface Load {
  /** Requests in each tenth of a second. */
  readonly requestsOfBuckets: readonly number[];
  readonly requests: number;
  /** The most requests in a tenth of a second. */
  readonly peak: number;
  /** The same, after the outage. */
  readonly peakAfterOutage: number;
  readonly allServedAtMs: number;
}

interface BackoffFigures {
  readonly delaysOfRounds: readonly {
    readonly round: number;
    readonly withoutJitterMs: number;
    readonly meanWithJitterMs: number;
    readonly leastWithJitterMs: number;
    readonly mostWithJitterMs: number;
  }[];
  readonly clients: number;
  readonly withoutJitter: Load;
  readonly withJitter: Load;
}

export const backoff: Lab = {
  shows: 'delays with and without jitter; 1,000 clients after an outage',
  run: runBackoff,
};

/** Computes delays, and the load from many clients that all failed at the same moment, on a simulated clock. */
export async function runBackoff({ seed }: LabOptions): Promise<LabReport<BackoffFigures>> {
  const random = createSeededRandom(seed);
  const jittered: Delay = (round) => fullJitterMs(BACK_OFF, round, random.next());
  const delays = Array.from({ length: ROUNDS }, (_, round) => ({
    round: round + 1,
    withoutJitterMs: withoutJitter(round),
    drawnMs: Array.from({ length: CLIENTS }, () => jittered(round)),
  }));
  const figures: BackoffFigures = {
    delaysOfRounds: delays.map(({ drawnMs, ...rest }) => ({
      ...rest,
      meanWithJitterMs: Math.round(drawnMs.reduce((sum, delayMs) => sum + delayMs, 0) / CLIENTS),
      leastWithJitterMs: Math.min(...drawnMs),
      mostWithJitterMs: Math.max(...drawnMs),
    })),
    clients: CLIENTS,
    withoutJitter: loadOf(withoutJitter),
    withJitter: loadOf(jittered),
  };
  const { withoutJitter: without, withJitter } = figures;
  return {
    ok: withJitter.peak * 5 < without.peak && withJitter.peakAfterOutage * 5 < without.peakAfterOutage,
    figures,
    lines: [
      `Delays in ms, doubling from ${count(BACK_OFF.baseMs)} up to ${count(BACK_OFF.capMs)}; with jitter: ${count(CLIENTS)} clients.`,
      '',
      ...tableOf(figures),
      '',
      colors.dim(`${PLOTTED_DELAYS} delays with full jitter per retry; a line ends at the delay without jitter`),
      ...delays.map(({ round, withoutJitterMs, drawnMs }) => {
        const shown = drawnMs.slice(0, PLOTTED_DELAYS);
        return `${round}  ${dotsInRange(shown, { range: withoutJitterMs, most: BACK_OFF.capMs, width: PLOT_WIDTH })}`;
      }),
      '',
      `${count(CLIENTS)} clients fail at 0 s; the service is back at ${OUTAGE_MS / 1_000} s. Requests per ${BUCKET_MS} ms:`,
      ...plotOf('without jitter', without),
      ...plotOf('full jitter', withJitter),
    ],
    summary:
      `Full jitter lowers the peak from ${count(without.peak)} to ${count(withJitter.peak)} requests per ${BUCKET_MS} ms; after ` +
      `the outage the peak is ${count(withJitter.peakAfterOutage)}. It takes ${count(withJitter.requests)} requests ` +
      `instead of ${count(without.requests)}.`,
  };
}

function withoutJitter(round: number): number {
  return Math.min(BACK_OFF.capMs, BACK_OFF.baseMs * 2 ** round);
}

/** Every client retries until the service is back. */
function loadOf(delayMs: Delay): Load {
  const momentsMs = Array.from({ length: CLIENTS }, () => requestsOfClient(delayMs)).flat();
  const allServedAtMs = momentsMs.reduce((latest, momentMs) => Math.max(latest, momentMs), 0);
  const requestsOfBuckets = new Array<number>(Math.floor(allServedAtMs / BUCKET_MS) + 1).fill(0);
  for (const momentMs of momentsMs) {
    const bucket = Math.floor(momentMs / BUCKET_MS);
    requestsOfBuckets[bucket] = (requestsOfBuckets[bucket] ?? 0) + 1;
  }
  return {
    requestsOfBuckets,
    requests: momentsMs.length,
    peak: Math.max(...requestsOfBuckets),
    peakAfterOutage: Math.max(...requestsOfBuckets.slice(OUTAGE_MS / BUCKET_MS)),
    allServedAtMs,
  };
}

function requestsOfClient(delayMs: Delay): readonly number[] {
  const momentsMs: number[] = [];
  for (let round = 0, nowMs = 0; nowMs < OUTAGE_MS; round += 1) {
    nowMs += delayMs(round);
    momentsMs.push(nowMs);
  }
  return momentsMs;
}

function tableOf({ delaysOfRounds }: BackoffFigures): readonly string[] {
  return textTable(
    ['retry', 'without jitter', 'full jitter: mean', 'min', 'max'].map((title) => ({ title, align: 'right' })),
    delaysOfRounds.map(({ round, withoutJitterMs, meanWithJitterMs, leastWithJitterMs, mostWithJitterMs }) =>
      [round, withoutJitterMs, meanWithJitterMs, leastWithJitterMs, mostWithJitterMs].map(count),
    ),
  );
}

/** Both plots have the same scale. A column shows its busiest tenth of a second, so that no peak is averaged away. */
function plotOf(title: string, load: Load): readonly string[] {
  const columns = Array.from({ length: PLOT_WIDTH }, (_, column) => {
    const first = column * BUCKETS_OF_A_COLUMN;
    return Math.max(0, ...load.requestsOfBuckets.slice(first, first + BUCKETS_OF_A_COLUMN));
  });
  const lines = verticalBars(columns, { height: PLOT_HEIGHT, most: CLIENTS });
  const columnsOfASecond = 1_000 / (BUCKET_MS * BUCKETS_OF_A_COLUMN);
  const axis = Array.from({ length: PLOT_WIDTH / columnsOfASecond }, (_, second) =>
    String(second).padEnd(columnsOfASecond),
  ).join('');
  return [
    '',
    `${colors.bold(title)}: peak ${count(load.peak)}, all served at ${(load.allServedAtMs / 1_000).toFixed(1)} s`,
    ...lines.map((line, index) => `${(index === 0 ? count(CLIENTS) : '').padStart(5)} ${line}`.trimEnd()),
    colors.dim(`    s ${axis}`.trimEnd()),
  ];
}
