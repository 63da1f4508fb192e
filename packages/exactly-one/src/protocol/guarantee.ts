/**
 * What a service promises about its creates, weakest first.
 * `none`: every create that commits makes an item, however late it commits.
 * `deadline`: a create commits before its deadline or never.
 * `idempotency-key`: creates with the same key make one item, and deadlines hold as well.
 */
export const GUARANTEES = ['none', 'deadline', 'idempotency-key'] as const;

/** What a service promises about its creates: one of {@link GUARANTEES}. */
export type Guarantee = (typeof GUARANTEES)[number];

/** The weaker of two guarantees, which is the one that an order can rely on. */
export function weakerGuarantee(one: Guarantee, other: Guarantee): Guarantee {
  return GUARANTEES.indexOf(one) <= GUARANTEES.indexOf(other) ? one : other;
}
