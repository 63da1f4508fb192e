import { describe, expect, it } from '@jest/globals';
import { exactlyOne } from './exactly-one.ts';
import { GUARANTEES } from './guarantee.ts';
import {
  afterCheck,
  afterCreates,
  firstRun,
  item,
  LAST_SETTLING_MS,
  ORDER_ID,
  resumedRun,
  START_MS,
  TIMINGS,
  UNKNOWN,
  voided,
} from './order-states.fixture.ts';
import { resolutionProblem } from './resolution.ts';
import { scriptSteps } from './scripted-steps.fixture.ts';

const SAID = { reason: 'seen in the back office', by: 'Ada' };
const NONE = { none: true, ...SAID } as const;
const A = { itemId: 'A', ...SAID };
/** What is recorded once the order has accepted it. */
const RECORD = { ...SAID, atMs: START_MS };
const at = (nowMs: number, running?: 'create' | 'void') => ({ nowMs, running });

describe('a resolution', () => {
  it('is possible at any time when nothing was sent', () => {
    expect(resolutionProblem(NONE, firstRun('deadline'), TIMINGS, at(START_MS))).toBeUndefined();
  });

  it.each(GUARANTEES)('is refused until the fence has passed for certain, with guarantee %s', (guarantee) => {
    const state = { ...afterCreates(firstRun(guarantee), UNKNOWN), mustRereadGuarantee: false };
    const lastMs = LAST_SETTLING_MS[guarantee];
    expect(resolutionProblem(NONE, state, TIMINGS, at(lastMs))).toContain('may still commit');
    expect(resolutionProblem(A, state, TIMINGS, at(lastMs + 1))).toBeUndefined();
  });

  it('waits for the fence of guarantee none while the guarantee must be read again', () => {
    const state = { ...afterCreates(firstRun('deadline'), UNKNOWN), mustRereadGuarantee: true };
    expect(resolutionProblem(NONE, state, TIMINGS, at(LAST_SETTLING_MS.none))).toContain('may still commit');
    expect(resolutionProblem(NONE, state, TIMINGS, at(LAST_SETTLING_MS.none + 1))).toBeUndefined();
  });

  it('waits for the fence of an earlier run', () => {
    expect(resolutionProblem(NONE, resumedRun('deadline'), TIMINGS, at(START_MS))).toContain('may still commit');
  });

  it.each(['create', 'void'] as const)('is refused while a %s is running', (running) => {
    expect(resolutionProblem(NONE, firstRun('none'), TIMINGS, at(1e12, running))).toBe(`a ${running} is running`);
  });

  it('is refused with an item that was seen voided, and not with another', () => {
    const state = afterCheck(firstRun('none'), START_MS, voided('A'), item('B'));
    expect(resolutionProblem(A, state, TIMINGS, at(1e12))).toBe('A has been voided');
    expect(resolutionProblem({ ...A, itemId: 'B' }, state, TIMINGS, at(1e12))).toBeUndefined();
  });
});

describe('an order that was resolved', () => {
  it('completes with the item and always has a late watch, because nothing was checked', async () => {
    const { steps, done } = scriptSteps({ checks: [] });
    const { conclusion } = await exactlyOne(
      ORDER_ID,
      { ...steps, resolution: () => ({ ...A, ...RECORD }) },
      TIMINGS,
      firstRun('deadline'),
    );
    expect(conclusion).toMatchObject({
      kind: 'one item',
      itemId: 'A',
      lateWatchMs: TIMINGS.lateWatchMs,
      resolution: RECORD,
    });
    expect(done).toEqual([]);
  });

  it('without an item during a check does not create', async () => {
    const { steps, done } = scriptSteps({ checks: [[]] });
    const resolution = () => (done.includes('check') ? { ...NONE, ...RECORD } : undefined);
    const { conclusion } = await exactlyOne(ORDER_ID, { ...steps, resolution }, TIMINGS, firstRun('deadline'));
    expect(conclusion).toEqual({ kind: 'resolved without an item', ...RECORD });
    expect(done).toEqual(['check']);
  });
});
