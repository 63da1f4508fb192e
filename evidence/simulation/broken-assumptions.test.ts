import { describe, expect, it } from '@jest/globals';
import { play } from './play.ts';
import { calmScenario, type PlannedCreate, type Scenario, WELL } from './scenario/scenario.ts';

const lost: PlannedCreate = { ...WELL.create, reply: { kind: 'worker dies' } };
const replayed = [{ ...WELL.create, arrivesAgainAfterMs: 3 }];

/** Each assumption of the design, broken in a scenario of its own: either it is seen to matter, or orders wait. */
describe('an assumption that does not hold', () => {
  it('a transport that replays a POST makes two items where only deadlines are kept', async () => {
    const { violation } = await play({ ...calmScenario('deadline'), creates: replayed });
    expect(violation?.invariant).toBe('two live');
  });

  it('a transport that replays a POST leaves two items where nothing is promised, since nobody is in unresolved', async () => {
    const creates = [{ ...WELL.create, arrivesAgainAfterMs: 500 }];
    const { violation } = await play({ ...calmScenario('none'), creates });
    expect(violation?.invariant).toBe('I1');
  });

  it('a transport that replays a POST does no harm where keys are obeyed', async () => {
    const { violation, items } = await play({ ...calmScenario('idempotency-key'), creates: replayed });
    expect({ violation, items }).toEqual({ violation: undefined, items: 1 });
  });

  it('a service clock that steps back by more than the allowance lets a create commit after its fence', async () => {
    const scenario: Scenario = {
      ...calmScenario('deadline'),
      creates: [{ ...lost, arrivesAfterMs: 2_300 }],
      clockSteps: [{ at: { after: 'create', nth: 2, plusMs: 0 }, whose: 'service', offMs: -2_000 }],
    };
    const { violation } = await play(scenario);
    expect(violation?.invariant).toBe('two live');
  });

  it('a Temporal clock that steps back between runs by more than the allowance puts the fence too early', async () => {
    const terminatedAt = { after: 'create', nth: 1, plusMs: 10 } as const;
    const scenario: Scenario = {
      ...calmScenario('deadline'),
      creates: [{ ...WELL.create, arrivesAfterMs: 900 }],
      terminations: [{ at: terminatedAt, resubmitAfterMs: 1 }],
      clockSteps: [{ at: terminatedAt, whose: 'Temporal', offMs: -900 }],
    };
    const { violation } = await play(scenario);
    expect(violation?.invariant).toBe('two live');
  });

  it.each([-50_000, 50_000])('a worker clock that is %d ms off makes orders wait until it is mended', async (offMs) => {
    const begin = { after: 'begin', nth: 0, plusMs: 0 } as const;
    const mendedAt = { after: 'begin', nth: 1, plusMs: 2_500 } as const;
    const scenario: Scenario = {
      ...calmScenario('deadline'),
      clockSteps: [
        { at: begin, whose: 'worker', offMs },
        { at: mendedAt, whose: 'worker', offMs: 0 },
      ],
    };
    const { violation, statuses, lines } = await play(scenario, { tells: true });
    expect({ violation, statuses }).toEqual({ violation: undefined, statuses: ['COMPLETED'] });
    expect(lines.findIndex((line) => line.includes('sees no ticket'))).toBeGreaterThan(
      lines.findIndex((line) => line.includes('0 ms off')),
    );
  });

  it('a commit later than all that is covered leaves two items where nothing is promised', async () => {
    const scenario: Scenario = {
      ...calmScenario('none'),
      creates: [{ ...lost, arrivesAfterMs: 60_000 }],
    };
    expect((await play({ ...scenario, breaks: 'every commit is covered' })).violation?.invariant).toBe('I1');
    expect((await play(scenario)).violation).toBeUndefined();
  });
});
