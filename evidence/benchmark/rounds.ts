/** A B, then B A: what a round does to those that come later, it does to each of them in turn. */
export function inRound<T>(round: number, contenders: readonly T[]): readonly T[] {
  return round % 2 === 1 ? contenders : contenders.toReversed();
}

/** Ids that no other part of a measurement uses: `warm-up-1`, `warm-up-2`, … */
export function idsOf(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`);
}
