import type { Resolution } from 'exactly-one';
import type { PlannedResolution } from '../scenario/scenario.ts';
import type { createStarter } from './starter.ts';
import type { World } from './world.ts';

/** Schedules what people do to an order from outside, and how clocks change. */
export function scheduleInterventions(world: World, starter: ReturnType<typeof createStarter>): void {
  const { submit, currentRun } = starter;
  const { scenario, clock, clocks, events, checker, plans, trace } = world;

  for (const { at, machine, offsetMs } of scenario.clockChanges) {
    const change = () => {
      clocks.setOffset(machine, offsetMs);
      plans.faultAt(clock.now());
      trace(machine, () => `its clock is now off by ${offsetMs} ms`);
    };
    if (at === 'start of the scenario') change();
    else events.on(at, change);
  }
  for (const { at, resubmitAfterMs } of scenario.terminations) {
    events.on(at, () => {
      const run = currentRun();
      if (run === undefined) return;
      run.status = 'TERMINATED';
      trace('operator', () => `terminates ${run.runId}`);
      checker.runTerminated();
      plans.faultAt(clock.now() + resubmitAfterMs);
      clock.at(clock.now() + resubmitAfterMs, submit);
    });
  }
  for (const at of scenario.cancellations) {
    events.on(at, () => {
      const run = currentRun();
      if (run === undefined) return;
      run.cancelRequested = true;
      plans.faultAt(clock.now());
      trace('operator', () => `requests the cancellation of ${run.runId}`);
      checker.cancellationRequested(run.runId);
    });
  }
  for (const planned of scenario.resolutions) {
    events.on(planned.at, () => resolveOrder(world, planned, starter, planned.tries));
  }
  for (const at of scenario.resubmissions) events.on(at, submit);
  for (const at of scenario.invalidVoids) events.on(at, () => sendInvalidVoids(world));
  for (const at of scenario.promisedTicketRemovals) events.on(at, () => removePromisedTicket(world));
}

function resolveOrder(
  world: World,
  planned: PlannedResolution,
  starter: ReturnType<typeof createStarter>,
  triesLeft: number,
): void {
  const { clock, plans, trace } = world;
  const { claim, resubmitAfterMs } = planned;
  const run = starter.currentRun();
  if (run === undefined || triesLeft === 0) return;
  plans.faultAt(clock.now());
  const resolution = resolutionOf(world, claim);
  const problem = resolution === undefined ? 'there is no such ticket' : run.resolve(resolution);
  const named = JSON.stringify(resolution);
  trace('operator', () => `resolves ${run.runId} with ${named}: ${problem ?? 'accepted'}`);
  if (problem !== undefined) {
    clock.at(clock.now() + planned.tryAgainAfterMs, () => resolveOrder(world, planned, starter, triesLeft - 1));
  } else if (claim === 'none' && resubmitAfterMs !== undefined) {
    plans.faultAt(clock.now() + resubmitAfterMs);
    clock.at(clock.now() + resubmitAfterMs, starter.submit);
  }
}

function resolutionOf({ ticketSystem }: World, claim: PlannedResolution['claim']): Resolution | undefined {
  const record = { reason: 'the list is broken', by: 'operator' };
  if (claim === 'none') return { ...record, none: true };
  if (claim === 'unknown ticket') return { ...record, itemId: 'never-created' };
  const ticket = ticketSystem.tickets().findLast(({ voided }) => voided === (claim === 'voided ticket'));
  return ticket && { ...record, itemId: ticket.itemId };
}

function removePromisedTicket({ ticketSystem, checker, trace }: World): void {
  const itemId = checker.removePromisedTicket();
  if (itemId === undefined) return;
  ticketSystem.removeTicket(itemId);
  trace('operator', () => `takes ${itemId} out of circulation`);
}

/**
 * Sends voids that the service must refuse: of a ticket that does not exist, and of live tickets with an impossible
 * keeper, or with neither keeper nor deadline.
 */
function sendInvalidVoids({ ticketSystem, checker }: World): void {
  if (ticketSystem.voidItem({ itemId: 'never-created', keep: null }) === 'voided') {
    checker.report('service', 'it accepted a void of a ticket that does not exist');
  }
  for (const { itemId } of ticketSystem.liveTickets()) {
    for (const keep of [itemId, 'never-created', null]) {
      if (ticketSystem.voidItem({ itemId, keep }) === 'voided') {
        checker.report('service', `it accepted a void of ${itemId} without a deadline, keeping ${keep ?? 'none'}`);
      }
    }
  }
}
