import { describe, expect, it } from '@jest/globals';
import {
  committed,
  firstRun,
  item,
  KEY,
  NOT_SENT,
  resumedRun,
  START_MS,
  UNKNOWN,
  voided,
} from './order-states.fixture.ts';
import { runOrder } from './scripted-steps.fixture.ts';

describe('an order that is interrupted between two steps', () => {
  it('ends with the error of the step, and its last state is plain JSON', async () => {
    const { conclusion, state, done } = await runOrder(firstRun('none'), { checks: [[]], interruptAfterChecks: 1 });
    expect(conclusion).toBe('interrupted');
    expect(done).toEqual(['check', 'create', 'outcome unknown']);
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });

  it('carries its fence, attempts, unresolved creates, back-off and what it has seen', async () => {
    const script = { checks: [[voided('V')]], interruptAfterChecks: 1 };
    const { state } = await runOrder(firstRun('deadline'), script);
    expect(state).toMatchObject({
      createAttempts: 1,
      lastDeadlineMs: START_MS + 1_000,
      unresolvedCreates: { kind: 'this run', count: 1, key: 'order-1/1' },
      mustRereadGuarantee: true,
      seen: { itemIds: ['V'], voidedItemIds: ['V'] },
      notBeforeMs: START_MS + 250,
      backOffs: 1,
    });
  });

  it('continues by reading the guarantee, and waits for the fence', async () => {
    const first = await runOrder(firstRun('deadline'), { checks: [[]], outcomes: [UNKNOWN], interruptAfterChecks: 1 });
    const second = await runOrder(first.state, { checks: [[]], guarantees: ['none'], interruptAfterChecks: 12 });
    expect(second.done.slice(0, 2)).toEqual(['read guarantee', 'check']);
    expect(second.creates[0]?.atMs).toBe(START_MS + 3_101);
    expect(second.state.createAttempts).toBeGreaterThan(1);
  });

  it('continues its back-off where it stopped', async () => {
    const script = { checks: [[]], outcomes: [NOT_SENT] };
    const first = await runOrder(firstRun('deadline'), { ...script, interruptAfterChecks: 3 });
    const second = await runOrder(first.state, { ...script, interruptAfterChecks: 1, startMs: 20_000 });
    expect(second.done.at(-1)).toBe('sleep 2000 unless cancelled');
  });

  it('continues its final checks where it stopped, and remembers the cancellation', async () => {
    const resumed = { ...resumedRun('none'), lastDeadlineMs: 0 };
    const first = await runOrder(resumed, { checks: [[]], cancelDuringCheck: 0, interruptAfterChecks: 1 });
    const second = await runOrder(first.state, { checks: [[]] });
    expect([first.done, second.done]).toEqual([
      ['check', 'sleep 3000'],
      ['check', 'sleep 7000', 'check'],
    ]);
    expect(second.conclusion).toEqual({ kind: 'cancelled' });
  });

  it('carries a cancellation that was requested at the last moment', async () => {
    const script = { checks: [[]], cancelDuringCheck: 0, interruptAfterChecks: 0 };
    expect((await runOrder(firstRun('deadline'), script)).state.cancelRequested).toBe(true);
  });
});

describe('an order that is interrupted while its create is in flight', () => {
  const interrupted = { checks: [[]], interruptDuringCreate: 1 };

  it('carries that create as one whose outcome is unknown', async () => {
    const { conclusion, state } = await runOrder(firstRun('deadline'), interrupted);
    expect(conclusion).toBe('interrupted');
    expect(state).toMatchObject({
      createAttempts: 1,
      lastDeadlineMs: START_MS + 1_000,
      unresolvedCreates: { kind: 'this run', count: 1, key: KEY },
      mustRereadGuarantee: true,
    });
  });

  it.each(['none', 'deadline'] as const)('creates again only past the fence, with guarantee %s', async (guarantee) => {
    const { state } = await runOrder(firstRun(guarantee), interrupted);
    const script = { checks: [[]], outcomes: [committed('A')], guarantees: [guarantee], interruptAfterChecks: 12 };
    const { done, creates } = await runOrder(state, script);
    expect(done.slice(0, 2)).toEqual(['read guarantee', 'check']);
    expect(creates[0]?.atMs).toBe(START_MS + { none: 3_101, deadline: 1_101 }[guarantee]);
    expect(creates[0]?.attempt).toBe(2);
  });

  it('completes with the item of that create', async () => {
    const { state } = await runOrder(firstRun('deadline'), interrupted);
    const { conclusion, creates } = await runOrder(state, { checks: [[item('A')]] });
    expect(conclusion).toMatchObject({ kind: 'one item', itemId: 'A' });
    expect(creates).toEqual([]);
  });
});

describe('each step of an order', () => {
  it('is shown before it is taken', async () => {
    const script = { checks: [[], [item('A')]], guarantees: ['deadline'] as const };
    const { shown } = await runOrder(firstRun('deadline'), script);
    expect(shown.map(({ step }) => step)).toEqual([
      { kind: 'validate' },
      { kind: 'create', key: KEY },
      { kind: 'read guarantee' },
      { kind: 'validate' },
      { kind: 'complete', itemId: 'A' },
    ]);
  });

  it('is shown with everything known by then, and the create that it sends', async () => {
    const script = { checks: [[], [item('A')]], guarantees: ['none'] as const };
    const { shown } = await runOrder(firstRun('deadline'), script);
    expect(shown[1]?.state).toMatchObject({ createAttempts: 1, unresolvedCreates: { count: 1 } });
    expect(shown[2]?.state).toMatchObject({
      createAttempts: 1,
      guarantee: 'deadline',
      unresolvedCreates: { count: 1 },
    });
    expect(shown[3]?.state).toMatchObject({ guarantee: 'none', mustRereadGuarantee: false });
    expect(shown[4]?.state).toMatchObject({ seen: { itemIds: ['A'] } });
    expect(shown[4]?.state).not.toHaveProperty('unresolvedCreates');
  });
});
