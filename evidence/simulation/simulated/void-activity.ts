import { type VoidResult, voidDeadline } from 'exactly-one';
import { arrivalTimesMs, type PlannedVoid } from '../scenario/planned-requests.ts';
import { ACTIVITY_RETRY_MS, type Caller } from './temporal.ts';
import type { VoidRequest } from './ticket-system.ts';
import type { World } from './world.ts';

/**
 * The activity `voidTicket`, which is retried until it has a definite response.
 * @param mayLoseKeeper whether somebody else may void the keeper meanwhile, as long as nobody was promised it
 */
export async function voidTicket(
  world: World,
  caller: Caller,
  { itemId, keep, mayLoseKeeper }: { itemId: string; keep: string | null; mayLoseKeeper: () => boolean },
): Promise<VoidResult> {
  const { clocks, plans, events, protocol, trace, scenario } = world;
  const { createDeadlineMs } = scenario.timings;
  for (;;) {
    const plan = plans.nextVoid();
    const deadlineMs = voidDeadline(clocks.read('Temporal'), createDeadlineMs);
    const nowMs = clocks.read('worker');
    const timeLeftMs = protocol.timeLeftToSendMs({ nowMs, deadlineMs, elapsedMs: 0, createDeadlineMs });
    let result: string | undefined;
    if (keep !== null || timeLeftMs > 0) {
      trace(caller.name, () => `sends void of ${describe({ itemId, keep })}`);
      const request = { itemId, keep, ...(keep === null && !plan.dropsDeadline ? { deadlineMs } : {}) };
      const keeperVoidedFirst = () => plan.keeperVoidedFirst && mayLoseKeeper();
      deliver(world, plan, { request, keeperVoidedFirst }, (received) => {
        result = received;
      });
      events.emit('void sent');
      const respondedMs = (plan.arrivesAfterMs ?? Number.POSITIVE_INFINITY) + plan.respondsAfterMs;
      const timeoutMs = keep === null ? Math.min(timeLeftMs, createDeadlineMs) : createDeadlineMs;
      await caller.sleep(Math.min(respondedMs, timeoutMs));
      if (respondedMs > timeoutMs) result = undefined;
    }
    if (result === 'voided') return 'voided';
    if (result === 'KEEPER_NOT_LIVE') return 'keeper-not-live';
    await caller.sleep(ACTIVITY_RETRY_MS);
  }
}

/** Delivers the request to the ticket system: never, once or twice. */
function deliver(
  world: World,
  plan: PlannedVoid,
  { request, keeperVoidedFirst }: { readonly request: VoidRequest; readonly keeperVoidedFirst: () => boolean },
  onResult: (result: string) => void,
): void {
  const { clock, ticketSystem, plans, trace } = world;
  const arrive = () => {
    if (keeperVoidedFirst()) voidKeeper(world, request);
    const hasEffect = plan.response !== 'success without effect';
    const result = hasEffect ? ticketSystem.voidItem(request) : 'voided';
    trace(
      'ticket system',
      () => `receives void of ${describe(request)}, responds ${result}${hasEffect ? '' : ' but does nothing'}`,
    );
    onResult(plan.response === 'error' ? 'INTERNAL_ERROR' : result);
  };
  for (const arrivesAtMs of arrivalTimesMs(plan, clock.now())) {
    plans.faultAt(arrivesAtMs);
    clock.at(arrivesAtMs, arrive);
  }
}

/** Somebody else voids the keeper of this request, and keeps the ticket that the request is to void. */
function voidKeeper({ ticketSystem, trace }: World, { itemId, keep }: VoidRequest): void {
  if (keep === null) return;
  const opposite = { itemId: keep, keep: itemId };
  const result = ticketSystem.voidItem(opposite);
  trace('somebody else', () => `voids ${describe(opposite)}: ${result}`);
}

function describe({ itemId, keep }: VoidRequest): string {
  return `${itemId}, keeping ${keep ?? 'none'}`;
}
