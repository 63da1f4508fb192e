import { describe, expect, it } from '@jest/globals';
import { lateWatch, type WatchState } from './late-watch.ts';
import { ticket, voided } from './moments.fixture.ts';
import { type Script, scriptSteps } from './scripted-steps.fixture.ts';

const BEGUN: WatchState = {
  promisedTicketId: 'P',
  lateWatchMs: [3_000, 7_000],
  seen: { ticketIds: ['P'], voidedTicketIds: [] },
  voidedTicketIds: [],
};

async function watch(script: Script, begun: WatchState = BEGUN) {
  const { steps, done, seenAsked } = scriptSteps(script);
  const remembered: { readonly state: WatchState; readonly after: string | undefined }[] = [];
  const remember = (state: WatchState) => remembered.push({ state, after: done.at(-1) });
  const conclusion = await lateWatch(begun, { ...steps, remember });
  return { conclusion, done, seenAsked, remembered };
}

describe('a late watch', () => {
  it('looks after each of its pauses and finds nothing to do', async () => {
    const { conclusion, done } = await watch({ looks: [[ticket('P')]] });
    expect(done).toEqual(['sleep 3000', 'look', 'sleep 7000', 'look']);
    expect(conclusion).toEqual({ kind: 'watched', voidedTicketIds: [] });
  });

  it('voids what came late, keeps the promised ticket although it is younger, and looks again', async () => {
    const looks = [
      [ticket('L', 1), ticket('P', 2), ticket('M', 3)],
      [voided('L'), ticket('P', 2), voided('M')],
    ];
    const { conclusion, done } = await watch({ looks });
    expect(done).toEqual([
      ...['sleep 3000', 'look', 'void L, keep P', 'void M, keep P', 'look'],
      ...['sleep 7000', 'look'],
    ]);
    expect(conclusion).toEqual({ kind: 'watched', voidedTicketIds: ['L', 'M'] });
  });

  it('finds what comes as late as its last look', async () => {
    const { conclusion } = await watch({
      looks: [[ticket('P')], [ticket('P'), ticket('L')], [ticket('P'), voided('L')]],
    });
    expect(conclusion).toEqual({ kind: 'watched', voidedTicketIds: ['L'] });
  });

  it('counts a void only when it was one, and each ticket once', async () => {
    const looks = [
      [ticket('P'), ticket('L')],
      [ticket('P'), ticket('L')],
      [ticket('P'), ticket('L')],
      [ticket('P'), voided('L')],
    ];
    const { conclusion } = await watch({ looks, voids: ['keeper-not-live', 'voided'] });
    expect(conclusion.voidedTicketIds).toEqual(['L']);
    const refused = await watch({
      looks: [
        [ticket('P'), ticket('L')],
        [voided('P'), ticket('L')],
      ],
      voids: ['keeper-not-live'],
    });
    expect(refused.conclusion).toEqual({ kind: 'promised ticket gone', voidedTicketIds: [] });
  });

  it.each([
    ['is voided', [voided('P'), ticket('L')]],
    ['is voided and nothing else is there', [voided('P')]],
  ])('voids nothing more when the promised ticket %s', async (_, tickets) => {
    const { conclusion, done } = await watch({ looks: [tickets] });
    expect(done).toEqual(['sleep 3000', 'look']);
    expect(conclusion.kind).toBe('promised ticket gone');
  });

  it.each([
    [
      'fails when the voids of a service have no effect at its last look either',
      Number.POSITIVE_INFINITY,
      'void without effect',
      200,
    ],
    ['leaves to its next look what a hundred voids could not do', 100, 'watched', 101],
  ])('%s', async (_, withoutEffect, kind, expectedVoids) => {
    let voids = 0;
    const conclusion = await lateWatch(BEGUN, {
      sleep: async () => undefined,
      validate: async () => ({ tickets: [ticket('P'), voids > withoutEffect ? voided('L') : ticket('L')], asOfMs: 0 }),
      voidTicket: async () => {
        voids += 1;
        return 'voided';
      },
      remember: () => undefined,
    });
    expect(conclusion).toEqual({ kind, voidedTicketIds: ['L'] });
    expect(voids).toBe(expectedVoids);
  });

  it('asks each time for an answer that lacks nothing of what it has seen', async () => {
    const { seenAsked } = await watch({
      looks: [
        [ticket('P'), ticket('L')],
        [ticket('P'), voided('L')],
      ],
    });
    expect(seenAsked).toEqual([
      { ticketIds: ['P'], voidedTicketIds: [] },
      { ticketIds: ['P', 'L'], voidedTicketIds: [] },
      { ticketIds: ['P', 'L'], voidedTicketIds: ['L'] },
    ]);
  });
});

describe('a late watch that is broken off', () => {
  const looks = [
    [ticket('P'), ticket('L')],
    [ticket('P'), voided('L')],
  ];

  it('remembers after its pause that only the look is left, and after a void what was voided', async () => {
    const { remembered } = await watch({ looks });
    expect(remembered[0]).toMatchObject({ after: 'sleep 3000', state: { lateWatchMs: [0, 7_000] } });
    expect(remembered[1]).toMatchObject({ after: 'look', state: { seen: { ticketIds: ['P', 'L'] } } });
    expect(remembered[2]).toMatchObject({ after: 'void L, keep P', state: { voidedTicketIds: ['L'] } });
  });

  it('goes on with the look that was left, and with what it had voided', async () => {
    const { conclusion, done } = await watch(
      { looks: [[ticket('P')]] },
      { ...BEGUN, lateWatchMs: [0, 7_000], voidedTicketIds: ['L'] },
    );
    expect(done).toEqual(['sleep 0', 'look', 'sleep 7000', 'look']);
    expect(conclusion).toEqual({ kind: 'watched', voidedTicketIds: ['L'] });
  });
});
