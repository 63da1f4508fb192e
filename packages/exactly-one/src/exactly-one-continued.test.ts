import { describe, expect, it } from '@jest/globals';
import { exactlyOne } from './exactly-one.ts';
import { firstRun, item, NOT_SENT, ORDER_ID, resumedRun, START_MS, TIMINGS, UNKNOWN } from './moments.fixture.ts';
import type { OrderState } from './order-state.ts';
import { type Script, scriptSteps } from './scripted-steps.fixture.ts';

async function run(begun: OrderState, script: Script) {
  const scripted = scriptSteps(script);
  const ended = await exactlyOne(ORDER_ID, scripted.steps, TIMINGS, begun);
  return { ...scripted, ...ended };
}

describe('an order that continues as new', () => {
  it('does so between steps, before it checks, and hands over plain JSON', async () => {
    const { conclusion, state, done } = await run(firstRun('none'), { checks: [[]], longAfterLooks: 1 });
    expect(conclusion).toEqual({ kind: 'continue as new' });
    expect(done).toEqual(['look', 'create', 'told unknown']);
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });

  it('carries fence, attempts, unresolved, back-off and what it has seen', async () => {
    const checks = [[{ itemId: 'V', createdAtMs: 0, voided: true }]];
    const { state } = await run(firstRun('deadline'), { checks, longAfterLooks: 1 });
    expect(state).toMatchObject({
      createAttempts: 1,
      lastDeadlineMs: START_MS + 1_000,
      unresolved: { kind: 'creates', sends: 1, key: 'order-1/1' },
      mustRereadGuarantee: true,
      seen: { itemIds: ['V'], voidedItemIds: ['V'] },
      notBeforeMs: START_MS + 250,
      backOffs: 1,
    });
  });

  it('still reads the guarantee, asks for all that was seen and waits for the fence in its next run', async () => {
    const first = await run(firstRun('deadline'), { checks: [[]], outcomes: [UNKNOWN], longAfterLooks: 1 });
    const second = await run(first.state, { checks: [[]], guarantees: ['none'], longAfterLooks: 12 });
    expect(second.done.slice(0, 2)).toEqual(['read guarantee', 'look']);
    expect(second.creates[0]?.atMs).toBe(START_MS + 3_101);
    expect(second.state.createAttempts).toBeGreaterThan(1);
  });

  it('goes on with its back-off where it was', async () => {
    const first = await run(firstRun('deadline'), { checks: [[]], outcomes: [NOT_SENT], longAfterLooks: 3 });
    const second = await run(first.state, { checks: [[]], outcomes: [NOT_SENT], longAfterLooks: 1, beginMs: 20_000 });
    expect(second.done.at(-1)).toBe('sleep 2000 unless cancelled');
  });

  it('goes on with its last checks where it was, and remembers the cancellation', async () => {
    const resumed = { ...resumedRun('none'), lastDeadlineMs: 0 };
    const first = await run(resumed, { checks: [[]], cancelInLook: 0, longAfterLooks: 1 });
    const second = await run(first.state, { checks: [[]] });
    expect([first.done, second.done]).toEqual([
      ['look', 'sleep 3000'],
      ['look', 'sleep 7000', 'look'],
    ]);
    expect(second.conclusion).toEqual({ kind: 'cancelled' });
  });

  it('carries a cancellation that came in its last moment', async () => {
    const { state } = await run(firstRun('deadline'), { checks: [[]], cancelInLook: 0, longAfterLooks: 0 });
    expect(state.cancelRequested).toBe(true);
  });
});

describe('each step of an order', () => {
  it('is told before it is taken', async () => {
    const { told } = await run(firstRun('deadline'), { checks: [[], [item('A')]], guarantees: ['deadline'] });
    expect(told.map(({ doing }) => doing)).toEqual([
      { kind: 'validate' },
      { kind: 'create', key: 'order-1/0' },
      { kind: 'read guarantee' },
      { kind: 'validate' },
      { kind: 'complete', itemId: 'A' },
    ]);
  });

  it('is told with all that is known then', async () => {
    const { told } = await run(firstRun('deadline'), { checks: [[], [item('A')]], guarantees: ['none'] });
    expect(told[2]?.state).toMatchObject({ createAttempts: 1, guarantee: 'deadline', unresolved: { sends: 1 } });
    expect(told[3]?.state).toMatchObject({ guarantee: 'none', mustRereadGuarantee: false });
    expect(told[4]?.state).toMatchObject({ seen: { itemIds: ['A'] } });
    expect(told[4]?.state).not.toHaveProperty('unresolved');
  });
});
