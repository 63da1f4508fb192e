import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GUARANTEES } from '../../src/contracts/guarantee.ts';
import { type Ending, play } from './simulated-order.ts';
import { stories } from './story.ts';

/** What is wrong with an ending; nothing when the order kept all it promises. */
function violations({ conclusion, live, watches, createsDespiteTicket, voidedOfBefore }: Ending): string[] {
  const wrong: string[] = [];
  if (conclusion === undefined || conclusion.kind === 'continue as new') wrong.push('the order did not end');
  if (conclusion?.kind === 'one ticket' && live.join() !== conclusion.ticketId) {
    wrong.push(`completed with ${conclusion.ticketId}, live at quiescence: ${live.join() || 'none'}`);
  }
  if ((conclusion?.kind === 'rejected' || conclusion?.kind === 'cancelled') && live.length > 0) {
    wrong.push(`closed ${conclusion.kind}, live at quiescence: ${live.join()}`);
  }
  if (createsDespiteTicket > 0) wrong.push('created after a positive validation');
  if (voidedOfBefore > 0) wrong.push('a cancellation voided a ticket that was there before the order');
  for (const watch of watches) if (watch.kind !== 'watched') wrong.push(`the late watch ended: ${watch.kind}`);
  return wrong;
}

describe('an order, whatever the ticket system does', () => {
  it.each(GUARANTEES)(
    'ends with exactly one ticket, or with none when it is rejected or cancelled, with guarantee %s',
    async (guarantee) => {
      await fc.assert(
        fc.asyncProperty(stories(guarantee), async (story) => {
          const ending = await play(story);
          const wrong = violations(ending);
          if (wrong.length > 0) throw new Error([...wrong, ...ending.lines].join('\n'));
        }),
        { numRuns: 3_500, seed: 112_358 },
      );
    },
  );

  it('takes every ending in these stories, so none of them is checked in vain', async () => {
    const endings = new Set<string>();
    for (const story of fc.sample(stories('none'), { numRuns: 500, seed: 7 })) {
      const { conclusion, watches } = await play(story);
      endings.add(conclusion?.kind ?? 'none');
      if (watches.some(({ voidedTicketIds }) => voidedTicketIds.length > 0)) endings.add('late ticket voided');
    }
    expect([...endings].sort()).toEqual(['cancelled', 'late ticket voided', 'one ticket', 'rejected']);
  });
});
