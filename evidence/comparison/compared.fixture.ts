import type { ComparedStrategy } from './play-strategy.ts';

/** A strategy that got exactly one ticket for each of four orders, apart from `differing`. */
export function compared(name: string, differing: Partial<ComparedStrategy> = {}): ComparedStrategy {
  return {
    name,
    assumes: `what ${name} assumes`,
    claimsExactlyOne: false,
    ...{ orders: 4, exactlyOne: 4, duplicates: 0, lost: 0, failed: 0, failedWithTicket: 0, unended: 0, voided: 0 },
    ...{ sends: 6, p50Ms: 1_200, p95Ms: 3_400, problems: [], killed: { sends: 1, newestOpen: true } },
    ...differing,
  };
}

/** A comparison of these strategies. */
export function comparisonOf(...strategies: readonly ComparedStrategy[]) {
  return { orders: 4, seed: 7, faults: 'hostile', timings: {}, strategies };
}
