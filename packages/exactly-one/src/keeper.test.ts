import { describe, expect, it } from '@jest/globals';
import type { Ticket } from './items.ts';
import { chooseKeeper, liveTickets } from './keeper.ts';

const ticket = (ticketId: string, createdAtMs: number, voided = false): Ticket => ({ ticketId, createdAtMs, voided });

describe('the keeper', () => {
  it('is the ticket that was made first', () => {
    expect(chooseKeeper([ticket('B', 2), ticket('C', 1)])?.ticketId).toBe('C');
  });

  it('is the first by id among tickets of the same millisecond, however they are listed', () => {
    expect(chooseKeeper([ticket('B', 1), ticket('A', 1)])?.ticketId).toBe('A');
    expect(chooseKeeper([ticket('A', 1), ticket('B', 1)])?.ticketId).toBe('A');
  });

  it('is the promised ticket, although another was made before it', () => {
    expect(chooseKeeper([ticket('A', 1), ticket('B', 2)], 'B')?.ticketId).toBe('B');
  });

  it('is nobody when the promised ticket is not live', () => {
    expect(chooseKeeper(liveTickets([ticket('A', 1), ticket('B', 2, true)]), 'B')).toBeUndefined();
  });
});
