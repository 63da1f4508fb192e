import { describe, expect, it } from '@jest/globals';
import { lateWatch, type WatchState, watchSchedule } from './late-watch.ts';
import { item, voided } from './order-states.fixture.ts';
import { type Script, scriptSteps } from './scripted-steps.fixture.ts';

const INITIAL: WatchState = {
  promisedItemId: 'P',
  lateWatchMs: [3_000, 7_000],
  seen: { itemIds: ['P'], voidedItemIds: [] },
  voidedItemIds: [],
};

async function watch(script: Script, initial: WatchState = INITIAL) {
  const { steps, done, seenPassed } = scriptSteps(script);
  const remembered: { readonly state: WatchState; readonly after: string | undefined }[] = [];
  const remember = (state: WatchState) => remembered.push({ state, after: done.at(-1) });
  const conclusion = await lateWatch(initial, { ...steps, remember });
  return { conclusion, done, seenPassed, remembered };
}

describe('a late watch', () => {
  it('checks after each of its pauses and finds nothing to do', async () => {
    const { conclusion, done } = await watch({ checks: [[item('P')]] });
    expect(done).toEqual(['sleep 3000', 'check', 'sleep 7000', 'check']);
    expect(conclusion).toEqual({ kind: 'watched', voidedItemIds: [] });
  });

  it('voids late items, keeps the promised one although it is newer, and checks again', async () => {
    const checks = [
      [item('L', 1), item('P', 2), item('M', 3)],
      [voided('L'), item('P', 2), voided('M')],
    ];
    const { conclusion, done } = await watch({ checks });
    expect(done).toEqual([
      ...['sleep 3000', 'check', 'void L, keep P', 'void M, keep P', 'check'],
      ...['sleep 7000', 'check'],
    ]);
    expect(conclusion).toEqual({ kind: 'watched', voidedItemIds: ['L', 'M'] });
  });

  it('finds an item that comes as late as its final check', async () => {
    const { conclusion } = await watch({
      checks: [[item('P')], [item('P'), item('L')], [item('P'), voided('L')]],
    });
    expect(conclusion).toEqual({ kind: 'watched', voidedItemIds: ['L'] });
  });

  it('counts a void only when it took effect, and each item once', async () => {
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
    ['is voided and no other item exists', [voided('P')]],
  ])('voids nothing more when the promised item %s', async (_, items) => {
    const { conclusion, done } = await watch({ checks: [items] });
    expect(done).toEqual(['sleep 3000', 'check']);
    expect(conclusion.kind).toBe('promised item gone');
  });

  it.each([
    [
      'reports when voids still have no effect at its final check',
      Number.POSITIVE_INFINITY,
      'void without effect',
      200,
    ],
    ['leaves to its next check what a hundred rounds of voids could not do', 100, 'watched', 101],
  ])('%s', async (_, withoutEffect, kind, expectedVoids) => {
    let voids = 0;
    const conclusion = await lateWatch(INITIAL, {
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

  it('requires of each response everything that it has seen', async () => {
    const { seenPassed } = await watch({
      checks: [
        [item('P'), item('L')],
        [item('P'), voided('L')],
      ],
    });
    expect(seenPassed).toEqual([
      { itemIds: ['P'], voidedItemIds: [] },
      { itemIds: ['P', 'L'], voidedItemIds: [] },
      { itemIds: ['P', 'L'], voidedItemIds: ['L'] },
    ]);
  });
});

describe('a late watch that is interrupted', () => {
  const checks = [
    [item('P'), item('L')],
    [item('P'), voided('L')],
  ];

  it('remembers after its pause that only the check is left, after a void what was voided, and after its check the next pause', async () => {
    const { remembered } = await watch({ checks });
    const secondPause = remembered.findIndex(({ after }) => after === 'sleep 7000');
    expect(remembered[secondPause - 1]?.state.lateWatchMs).toEqual([7_000]);
    expect(remembered[0]).toMatchObject({ after: 'sleep 3000', state: { lateWatchMs: [0, 7_000] } });
    expect(remembered[1]).toMatchObject({ after: 'check', state: { seen: { itemIds: ['P', 'L'] } } });
    expect(remembered[2]).toMatchObject({ after: 'void L, keep P', state: { voidedItemIds: ['L'] } });
  });

  it('continues with the check that was left, and with what it had voided', async () => {
    const { conclusion, done } = await watch(
      { checks: [[item('P')]] },
      { ...INITIAL, lateWatchMs: [0, 7_000], voidedItemIds: ['L'] },
    );
    expect(done).toEqual(['sleep 0', 'check', 'sleep 7000', 'check']);
    expect(conclusion).toEqual({ kind: 'watched', voidedItemIds: ['L'] });
  });
});

describe('the pauses of a late watch', () => {
  const LATE_WATCH_MS = [60_000, 600_000, 3_600_000];

  it('count from the moment when the last create is past its fence', () => {
    expect(watchSchedule(LATE_WATCH_MS, 13_000, 100, 10_000)).toEqual([63_100, 600_000, 3_600_000]);
  });

  it('count from now when the fence has passed', () => {
    expect(watchSchedule(LATE_WATCH_MS, 13_000, 100, 13_100)).toEqual(LATE_WATCH_MS);
    expect(watchSchedule(LATE_WATCH_MS, 13_000, 100, 99_000)).toEqual(LATE_WATCH_MS);
  });

  it('count from now when this order sent no create', () => {
    expect(watchSchedule(LATE_WATCH_MS, undefined, 100, 10_000)).toEqual(LATE_WATCH_MS);
  });
});
