import { describe, expect, it } from '@jest/globals';
import { lateWatch, type WatchState } from './late-watch.ts';
import { item, voided } from './moments.fixture.ts';
import { type Script, scriptSteps } from './scripted-steps.fixture.ts';

const BEGUN: WatchState = {
  promisedItemId: 'P',
  lateWatchMs: [3_000, 7_000],
  seen: { itemIds: ['P'], voidedItemIds: [] },
  voidedItemIds: [],
};

async function watch(script: Script, begun: WatchState = BEGUN) {
  const { steps, done, seenAsked } = scriptSteps(script);
  const remembered: { readonly state: WatchState; readonly after: string | undefined }[] = [];
  const remember = (state: WatchState) => remembered.push({ state, after: done.at(-1) });
  const conclusion = await lateWatch(begun, { ...steps, remember });
  return { conclusion, done, seenAsked, remembered };
}

describe('a late watch', () => {
  it('checks after each of its pauses and finds nothing to do', async () => {
    const { conclusion, done } = await watch({ checks: [[item('P')]] });
    expect(done).toEqual(['sleep 3000', 'look', 'sleep 7000', 'look']);
    expect(conclusion).toEqual({ kind: 'watched', voidedItemIds: [] });
  });

  it('voids what came late, keeps the promised item although it is younger, and checks again', async () => {
    const checks = [
      [item('L', 1), item('P', 2), item('M', 3)],
      [voided('L'), item('P', 2), voided('M')],
    ];
    const { conclusion, done } = await watch({ checks });
    expect(done).toEqual([
      ...['sleep 3000', 'look', 'void L, keep P', 'void M, keep P', 'look'],
      ...['sleep 7000', 'look'],
    ]);
    expect(conclusion).toEqual({ kind: 'watched', voidedItemIds: ['L', 'M'] });
  });

  it('finds what comes as late as its final check', async () => {
    const { conclusion } = await watch({
      checks: [[item('P')], [item('P'), item('L')], [item('P'), voided('L')]],
    });
    expect(conclusion).toEqual({ kind: 'watched', voidedItemIds: ['L'] });
  });

  it('counts a void only when it was one, and each item once', async () => {
    const checks = [
      [item('P'), item('L')],
      [item('P'), item('L')],
      [item('P'), item('L')],
      [item('P'), voided('L')],
    ];
    const { conclusion } = await watch({ checks, voids: ['keeper-not-live', 'voided'] });
    expect(conclusion.voidedItemIds).toEqual(['L']);
    const refused = await watch({
      checks: [
        [item('P'), item('L')],
        [voided('P'), item('L')],
      ],
      voids: ['keeper-not-live'],
    });
    expect(refused.conclusion).toEqual({ kind: 'promised item gone', voidedItemIds: [] });
  });

  it.each([
    ['is voided', [voided('P'), item('L')]],
    ['is voided and nothing else is there', [voided('P')]],
  ])('voids nothing more when the promised item %s', async (_, items) => {
    const { conclusion, done } = await watch({ checks: [items] });
    expect(done).toEqual(['sleep 3000', 'look']);
    expect(conclusion.kind).toBe('promised item gone');
  });

  it.each([
    [
      'fails when the voids of a service have no effect at its final check either',
      Number.POSITIVE_INFINITY,
      'void without effect',
      200,
    ],
    ['leaves to its next look what a hundred voids could not do', 100, 'watched', 101],
  ])('%s', async (_, withoutEffect, kind, expectedVoids) => {
    let voids = 0;
    const conclusion = await lateWatch(BEGUN, {
      sleep: async () => undefined,
      validate: async () => ({ items: [item('P'), voids > withoutEffect ? voided('L') : item('L')], asOfMs: 0 }),
      voidItem: async () => {
        voids += 1;
        return 'voided';
      },
      remember: () => undefined,
    });
    expect(conclusion).toEqual({ kind, voidedItemIds: ['L'] });
    expect(voids).toBe(expectedVoids);
  });

  it('asks each time for an answer that lacks nothing of what it has seen', async () => {
    const { seenAsked } = await watch({
      checks: [
        [item('P'), item('L')],
        [item('P'), voided('L')],
      ],
    });
    expect(seenAsked).toEqual([
      { itemIds: ['P'], voidedItemIds: [] },
      { itemIds: ['P', 'L'], voidedItemIds: [] },
      { itemIds: ['P', 'L'], voidedItemIds: ['L'] },
    ]);
  });
});

describe('a late watch that is broken off', () => {
  const checks = [
    [item('P'), item('L')],
    [item('P'), voided('L')],
  ];

  it('remembers after its pause that only the look is left, and after a void what was voided', async () => {
    const { remembered } = await watch({ checks });
    expect(remembered[0]).toMatchObject({ after: 'sleep 3000', state: { lateWatchMs: [0, 7_000] } });
    expect(remembered[1]).toMatchObject({ after: 'look', state: { seen: { itemIds: ['P', 'L'] } } });
    expect(remembered[2]).toMatchObject({ after: 'void L, keep P', state: { voidedItemIds: ['L'] } });
  });

  it('goes on with the look that was left, and with what it had voided', async () => {
    const { conclusion, done } = await watch(
      { checks: [[item('P')]] },
      { ...BEGUN, lateWatchMs: [0, 7_000], voidedItemIds: ['L'] },
    );
    expect(done).toEqual(['sleep 0', 'look', 'sleep 7000', 'look']);
    expect(conclusion).toEqual({ kind: 'watched', voidedItemIds: ['L'] });
  });
});
