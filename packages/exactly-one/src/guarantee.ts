/**
 * What an item system promises about its creates, weakest first.
 * `none`: every committed call makes an item, whenever it commits.
 * `deadline`: a create commits before its deadline or never.
 * `idempotency-key`: the same key gives the same item, and the deadline holds as well.
 */
export const GUARANTEES = ['none', 'deadline', 'idempotency-key'] as const;

export type Guarantee = (typeof GUARANTEES)[number];

/** The weaker of two guarantees: the one that an order has to reckon with. */
export function weakestGuarantee(one: Guarantee, other: Guarantee): Guarantee {
  return GUARANTEES.indexOf(one) <= GUARANTEES.indexOf(other) ? one : other;
}
