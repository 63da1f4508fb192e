import { waitUntil } from '../../src/platform/processes/wait-until.ts';
import { readLedger } from '../../src/services/ticket-system/audit-ledger.ts';
import { playOrders } from '../../testbed/play-orders.ts';
import { DEMO_TIMINGS, type Stage } from '../../testbed/stage.ts';
import type { DemoNarrator } from './acts.ts';
import type { DemoOptions, DemoResult } from './options.ts';
import { report } from './report.ts';
import { isVoid, ticketFileLines, ticketFiles } from './ticket-files.ts';

/** How long the ticket system keeps the first create before it commits it: longer than an order with a second create takes. */
const LATE_BY_MS = 9_000;

/** The first check comes when the late ticket has been on the screen for a while. */
export const LATE_TICKET_TIMINGS = { ...DEMO_TIMINGS, lateWatchMs: [10_000, 4_000] };

/** A create commits long after its order has completed with another ticket. The late watch finds and voids that ticket. */
export async function lateTicket(stage: Stage, narrator: DemoNarrator, options: DemoOptions): Promise<DemoResult> {
  const { seed, mode } = options;
  const orderId = stage.orderId(1);
  const seconds = LATE_BY_MS / 1_000;
  await narrator.act(
    'A create that hangs',
    `This ticket system promises nothing (guarantee none). It keeps the first create for ${seconds} seconds, longer than the order waits for it. The order finds no ticket and creates one.`,
  );
  const late = { point: 'create.late-commit', kind: 'delay', probability: 1, delayMs: LATE_BY_MS };
  await stage.setFaults({ seed, rules: [late] });
  await narrator.during('starting a worker', stage.startWorker());

  const files = { late: untilFiles(stage, orderId, 2, 0), voided: untilFiles(stage, orderId, 2, 1) };
  for (const each of Object.values(files)) each.catch(() => undefined);
  let isLate = false;
  const played = await playOrders(
    stage,
    [orderId],
    narrator,
    async () => {
      await narrator.during('waiting for the first create', untilReceived(stage, orderId));
      await stage.setFaults({ seed, preset: 'calm' });
      narrator.step(`the ticket system has received the first create, and keeps it for ${seconds} s`);
    },
    async ([ended]) => {
      const before = await ticketFiles(stage.databaseDir, orderId);
      isLate = before.length === 1;
      const promised = ended?.ending.kind === 'result' ? ended.ending.result.ticketId : undefined;
      const show = (files: readonly string[], when: string) => {
        narrator.step(`tickets/${orderId} on disk, ${when}:`);
        for (const line of ticketFileLines(files, promised)) narrator.detail(line);
      };
      show(before, 'when the order had ended');

      await narrator.act(
        'The first create commits after all',
        'Its worker gave up on it long ago, and the order has completed. A second ticket appears, and no process knows about it yet.',
      );
      const late = await narrator.during('waiting for the second ticket', files.late);
      show(late, 'when the second ticket appeared');

      await narrator.act(
        'The late watch',
        'It checks again some time after the order has completed. It keeps the ticket that the order returned, and voids the other one.',
        3,
      );
      const voided = await narrator.during('waiting for the late watch', files.voided);
      show(voided, 'when one ticket was voided');
    },
  );
  const voidedLate = played.lateVoids.get(orderId)?.length ?? 0;
  return report(stage, played, narrator, {
    ...{ seed, mode, faults: `the first create commits ${seconds} s late` },
    alsoWrong: [
      ...(isLate ? [] : ['the second ticket appeared before the order had ended']),
      ...(voidedLate === 1 ? [] : [`the late watch voided ${voidedLate} tickets instead of one`]),
    ],
  });
}

/** Waits until the order has so many tickets and voids, and returns their files as they were then. */
function untilFiles(stage: Stage, orderId: string, tickets: number, voids: number): Promise<readonly string[]> {
  return waitUntil(
    async () => {
      const files = await ticketFiles(stage.databaseDir, orderId);
      const voided = files.filter(isVoid).length;
      return voided >= voids && files.length - voided >= tickets && files;
    },
    { what: `${tickets} tickets and ${voids} voids of ${orderId} on disk`, timeoutMs: 120_000, everyMs: 50 },
  );
}

function untilReceived({ databaseDir }: Stage, orderId: string): Promise<boolean> {
  return waitUntil(
    async () =>
      (await readLedger(databaseDir)).lines.some(({ kind, orderID }) => kind === 'received' && orderID === orderId),
    { what: 'the ticket system to receive a create', timeoutMs: 60_000, everyMs: 20 },
  );
}
