import pLimit from 'p-limit';
import { createPaymentVault } from '../../src/clients/payment-vault.ts';
import { textTable } from '../../src/platform/terminal/text-table.ts';
import { rulesOfShares } from '../../src/services/faults/fault-rules.ts';
import { percent } from '../../testbed/number-text.ts';
import type { Lab, LabOptions, LabReport } from './lab.ts';
import { type MeasuredSuccess, matchesFormula, measuredSuccess } from './measured-success.ts';
import { withTicketSystem } from './real-services.ts';
import { bar } from './text-plot.ts';
import { type Chain, failEverywhere, MALFORMED, type Read, readCard } from './vault-reads.ts';

const RESERVATIONS = 400;
const AT_ONCE = 20;
const TIMEOUT_MS = 30_000;
const BAR_WIDTH = 40;
/** Of all reads, half give nothing, and three in ten give JSON that must be repaired. */
const SHARES = { error500: 0.4, connectionReset: 0.1, malformed: 0.3 };
const FAULTS = rulesOfShares('vault', [
  { kind: 'error-500', share: SHARES.error500 },
  { kind: 'connection-reset', share: SHARES.connectionReset },
  { kind: 'malformed-json', share: SHARES.malformed },
]);
const SUCCESS_OF_ONE_READ = 1 - SHARES.error500 - SHARES.connectionReset;

const ENDINGS = ['primary, 1st read', 'primary, 2nd read', 'primary, 3rd read', 'backup', 'none'] as const;
type Ending = (typeof ENDINGS)[number];

interface FallbackFigures {
  readonly reservations: number;
  readonly requests: number;
  readonly endings: readonly { readonly source: Ending; readonly reservations: number }[];
  readonly repaired: number;
  /** Cards that were read wrongly. */
  readonly wrongCards: number;
  readonly primaryAlone: MeasuredSuccess;
  readonly withBackup: MeasuredSuccess;
  /** The first reservation that the backup served. */
  readonly example: { readonly orderId: string; readonly reads: readonly Read[] } | undefined;
  readonly allFailed: readonly string[];
}

export const fallback: Lab = {
  shows: 'three reads of a failing vault, then its backup; JSON repaired',
  run: runFallback,
};

/** @param options.reservations default 400 */
export async function runFallback(
  options: LabOptions & { readonly reservations?: number },
): Promise<LabReport<FallbackFigures>> {
  const { seed, reservations = RESERVATIONS } = options;
  const figures = await withTicketSystem({ seed, preset: 'calm' }, async ({ client, faults, requestsReceived }) => {
    const { token } = await client.createToken({ timeoutMs: TIMEOUT_MS });
    const limit = pLimit(AT_ONCE);
    const inParallel = <One, Other>(list: readonly One[], work: (one: One) => Promise<Other>) =>
      Promise.all(list.map((one) => limit(() => work(one))));
    const reserved = await inParallel(
      Array.from({ length: reservations }, (_, index) => `lab-${index + 1}`),
      (orderId) => client.getReservation(orderId, { timeoutMs: TIMEOUT_MS, token }),
    );
    const requestsBefore = requestsReceived();
    faults.choose({ seed, rules: FAULTS });
    const chains = await inParallel(reserved, (reservation) => readCard(client, reservation, token));
    const requests = requestsReceived() - requestsBefore;
    faults.choose({ seed, preset: 'calm' });
    const rightCards = await inParallel(reserved, ({ reservationId }) =>
      createPaymentVault(client).readPaymentInfo(reservationId, { timeoutMs: TIMEOUT_MS, token }),
    );
    const wrongCards = chains.filter(({ card }, index) => card !== undefined && card !== rightCards[index]).length;
    faults.choose({ seed, rules: [{ point: 'vault', kind: 'error-500', probability: 1 }] });
    const allFailed = await failEverywhere(client, reserved[0]?.reservationId ?? '', token);
    return { ...figuresOf(chains), requests, wrongCards, allFailed };
  });
  return { ok: isAsExpected(figures), figures, lines: linesOf(figures), summary: summaryOf(figures) };
}

function figuresOf(chains: readonly Chain[]): Omit<FallbackFigures, 'requests' | 'wrongCards' | 'allFailed'> {
  const count = (ending: Ending) => chains.filter((chain) => endingOf(chain) === ending).length;
  const endings = ENDINGS.map((source) => ({ source, reservations: count(source) }));
  const served = chains.length - count('none');
  const ofAll = { calls: chains.length, successProbabilityOfOne: SUCCESS_OF_ONE_READ };
  const example = chains.find((chain) => endingOf(chain) === 'backup');
  return {
    reservations: chains.length,
    endings,
    repaired: chains.filter(({ card, reads }) => card !== undefined && reads.at(-1)?.came === MALFORMED).length,
    primaryAlone: measuredSuccess({ ...ofAll, successes: served - count('backup'), retries: 2 }),
    withBackup: measuredSuccess({ ...ofAll, successes: served, retries: 3 }),
    example: example && { orderId: example.orderId, reads: example.reads },
  };
}

function endingOf({ card, reads }: Chain): Ending {
  return (card === undefined ? undefined : ENDINGS[reads.length - 1]) ?? 'none';
}

function isAsExpected(figures: FallbackFigures): boolean {
  const { primaryAlone, withBackup, wrongCards, repaired, example, allFailed } = figures;
  return (
    matchesFormula(primaryAlone) &&
    matchesFormula(withBackup) &&
    wrongCards === 0 &&
    repaired > 0 &&
    example?.reads.map(({ source }) => source).join(' ') === 'primary primary primary backup' &&
    allFailed.length === 3
  );
}

function linesOf(figures: FallbackFigures): readonly string[] {
  const { reservations, requests, endings, repaired, wrongCards, example, allFailed } = figures;
  return [
    `${SHARES.error500 * 100} % of the reads get status 500, ${SHARES.connectionReset * 100} % a connection reset, ` +
      `${SHARES.malformed * 100} % malformed JSON.`,
    `${reservations} reservations, ${requests} reads.`,
    '',
    ...textTable(
      [{ title: 'served by' }, { title: 'reservations', align: 'right' }, { title: '' }],
      endings.map((ending) => [
        ending.source,
        String(ending.reservations),
        bar(ending.reservations / reservations, BAR_WIDTH),
      ]),
    ),
    '',
    ...textTable(
      [{ title: 'success' }, ...['measured', 'formula'].map((title) => ({ title, align: 'right' as const }))],
      [
        ['primary alone', percent(figures.primaryAlone.measured), percent(figures.primaryAlone.formula)],
        ['with the backup', percent(figures.withBackup.measured), percent(figures.withBackup.formula)],
      ],
    ),
    '',
    `Malformed responses repaired: ${repaired}. Cards read wrongly: ${wrongCards}.`,
    '',
    `One example, order ${example?.orderId ?? '(none)'}:`,
    ...(example?.reads ?? []).map(({ source, came }) => `  ${source.padEnd(7)}  ${came}`),
    '  the card was read',
    '',
    'If all operations fail, the error contains all of their errors, in order:',
    ...allFailed.map((line, index) => `  ${index + 1}. ${line}`),
  ];
}

function summaryOf({ primaryAlone, withBackup, repaired, endings }: FallbackFigures): string {
  const ofBackup = endings.find(({ source }) => source === 'backup')?.reservations ?? 0;
  return (
    `The backup served ${ofBackup} reservations that the primary did not: ${percent(primaryAlone.measured)} became ` +
    `${percent(withBackup.measured)}. ${repaired} malformed responses were repaired.`
  );
}
