import { describe, expect, it } from '@jest/globals';
import { play } from './play.ts';
import { NORMAL, type PlannedCreate } from './scenario/planned-requests.ts';
import { calmScenario, type Scenario } from './scenario/scenario.ts';

const unreported: PlannedCreate = { ...NORMAL.create, response: { kind: 'worker crash' } };
const replayed = [{ ...NORMAL.create, arrivesAgainAfterMs: 3 }];

/** Each scenario violates one assumption of the design: either that breaks an invariant, or the order waits. */
describe('a violated assumption', () => {
  it('a transport that replays a POST creates two tickets where only deadlines are enforced', async () => {
    const { violation } = await play({ ...calmScenario('deadline'), creates: replayed });
    expect(violation?.invariant).toBe('two live');
  });

  it('a transport that replays a POST leaves two tickets without a guarantee, since no outcome is unknown', async () => {
    const creates = [{ ...NORMAL.create, arrivesAgainAfterMs: 500 }];
    const { violation } = await play({ ...calmScenario('none'), creates });
    expect(violation?.invariant).toBe('I1');
  });

  it('a transport that replays a POST does no harm where idempotency keys are honoured', async () => {
    const { violation, tickets } = await play({ ...calmScenario('idempotency-key'), creates: replayed });
    expect({ violation, tickets }).toEqual({ violation: undefined, tickets: 1 });
  });

  it('a service clock that steps back by more than the allowed skew lets a create commit after its fence', async () => {
    const scenario: Scenario = {
      ...calmScenario('deadline'),
      creates: [{ ...unreported, arrivesAfterMs: 2_300 }],
      clockChanges: [{ at: { after: 'create sent', nth: 2, delayMs: 0 }, machine: 'service', offsetMs: -2_000 }],
    };
    const { violation } = await play(scenario);
    expect(violation?.invariant).toBe('two live');
  });

  it('a Temporal clock that steps back between runs by more than the allowed skew puts the fence too early', async () => {
    const terminatedAt = { after: 'create sent', nth: 1, delayMs: 10 } as const;
    const scenario: Scenario = {
      ...calmScenario('deadline'),
      creates: [{ ...NORMAL.create, arrivesAfterMs: 900 }],
      terminations: [{ at: terminatedAt, resubmitAfterMs: 1 }],
      clockChanges: [{ at: terminatedAt, machine: 'Temporal', offsetMs: -900 }],
    };
    const { violation } = await play(scenario);
    expect(violation?.invariant).toBe('two live');
  });

  it.each([-50_000, 50_000])(
    'a worker clock that is off by %d ms makes orders wait until it is corrected',
    async (offsetMs) => {
      const correctedAt = { after: 'run started', nth: 1, delayMs: 2_500 } as const;
      const scenario: Scenario = {
        ...calmScenario('deadline'),
        clockChanges: [
          { at: 'start of the scenario', machine: 'worker', offsetMs },
          { at: correctedAt, machine: 'worker', offsetMs: 0 },
        ],
      };
      const { violation, statuses, trace } = await play(scenario, { trace: true });
      expect({ violation, statuses }).toEqual({ violation: undefined, statuses: ['COMPLETED'] });
      const corrected = trace.findIndex((line) => line.includes('off by 0 ms'));
      expect(corrected).toBeGreaterThan(0);
      expect(trace.findIndex((line) => line.includes('finds no ticket'))).toBeGreaterThan(corrected);
    },
  );

  it('a commit later than what the late watch covers leaves two tickets without a guarantee', async () => {
    const scenario: Scenario = {
      ...calmScenario('none'),
      creates: [{ ...unreported, arrivesAfterMs: 60_000 }],
    };
    const violating: Scenario = { ...scenario, violates: 'no commit is later than what the late watch covers' };
    expect((await play(violating)).violation?.invariant).toBe('I1');
    expect((await play(scenario)).violation).toBeUndefined();
  });

  it('a rejected create that commits after its fence leaves a rejected order with a live ticket', async () => {
    const declined: PlannedCreate = {
      ...NORMAL.create,
      response: { kind: 'fabricated', status: 422, errorCode: 'PAYMENT_DECLINED' },
      arrivesAfterMs: 5_000,
    };
    const scenario: Scenario = { ...calmScenario('none'), creates: [declined] };
    const violating: Scenario = { ...scenario, violates: 'no rejected create commits after its fence' };
    const { violation, statuses, tickets, trace } = await play(violating, { trace: true });
    expect({ invariant: violation?.invariant, statuses, tickets }).toEqual({
      invariant: 'proven closing',
      statuses: ['FAILED'],
      tickets: 1,
    });
    // It closed as soon as the fence had passed: a declined customer does not wait until a late watch would have ended.
    const { createDeadlineMs, settleMs, clockSkewMs } = scenario.timings;
    const closedAtMs = Number.parseInt(trace.find((line) => line.endsWith('rejected')) ?? '', 10);
    expect(closedAtMs).toBeLessThan(createDeadlineMs + settleMs + 2 * clockSkewMs);
    expect((await play(scenario)).violation).toBeUndefined();
  });
});
