import type { Guarantee } from './guarantee.ts';
import type { Item } from './items.ts';
import { liveItems } from './keeper.ts';

/** Creates whose outcome is not known: they may have committed, or may still commit before the fence. */
export type UnresolvedCreates =
  /** An earlier run may have a create or a cancelling void in flight. No response counts before the fence. */
  | { readonly kind: 'earlier run' }
  | {
      readonly kind: 'this run';
      readonly count: number;
      /** The idempotency key that they share; undefined when they have different ones. */
      readonly key: string | undefined;
      /** The item that a 201 claimed: until it is listed, no other item resolves these creates. */
      readonly claimedItemId?: string;
      /** A response lacked the claimed item, so the 201 counts as unknown. */
      readonly claimUnlisted?: true;
      /** The service has accepted one of them and has not finished it, as far as is known. */
      readonly accepted?: true;
    };

/**
 * Adds a create that is about to be sent. Its fence is later than that of an earlier run, so it covers that run too.
 */
export function addCreate(unresolved: UnresolvedCreates | undefined, key: string): UnresolvedCreates {
  const others = unresolved?.kind === 'this run' ? unresolved : undefined;
  return {
    ...others,
    kind: 'this run',
    count: (others?.count ?? 0) + 1,
    key: others === undefined || others.key === key ? key : undefined,
  };
}

/** Whether these items lack the one that a 201 claimed, for the first time. */
export function isClaimUnlisted(unresolved: UnresolvedCreates | undefined, items: readonly Item[]): boolean {
  return (
    unresolved?.kind === 'this run' &&
    unresolved.claimedItemId !== undefined &&
    unresolved.claimUnlisted !== true &&
    !items.some(({ itemId }) => itemId === unresolved.claimedItemId)
  );
}

/**
 * Whether these items resolve the creates before the fence. A single unresolved create is the only one that can still
 * commit, so a live item must be its item. Several creates can have created only one item if they share a key that the
 * service honours.
 */
export function isResolvedByPresence(
  unresolved: UnresolvedCreates | undefined,
  guarantee: Guarantee,
  items: readonly Item[],
): boolean {
  if (unresolved?.kind !== 'this run') return false;
  const oneItemAtMost = unresolved.count === 1 || (guarantee === 'idempotency-key' && unresolved.key !== undefined);
  if (!oneItemAtMost) return false;
  return unresolved.claimedItemId === undefined
    ? liveItems(items).length > 0
    : items.some(({ itemId }) => itemId === unresolved.claimedItemId);
}
