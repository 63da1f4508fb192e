import { describe, expect, it } from '@jest/globals';
import type { Item } from './items.ts';
import { chooseKeeper, liveItems } from './keeper.ts';

const item = (itemId: string, createdAtMs: number, voided = false): Item => ({ itemId, createdAtMs, voided });

describe('the keeper', () => {
  it('is the item that was created first', () => {
    expect(chooseKeeper([item('B', 2), item('C', 1)])?.itemId).toBe('C');
  });

  it('is the first by id among items created in the same millisecond, in whatever order they are listed', () => {
    expect(chooseKeeper([item('B', 1), item('A', 1)])?.itemId).toBe('A');
    expect(chooseKeeper([item('A', 1), item('B', 1)])?.itemId).toBe('A');
  });

  it('is the promised item, although another was created before it', () => {
    expect(chooseKeeper([item('A', 1), item('B', 2)], 'B')?.itemId).toBe('B');
  });

  it('is undefined when the promised item is not live', () => {
    expect(chooseKeeper(liveItems([item('A', 1), item('B', 2, true)]), 'B')).toBeUndefined();
  });
});
