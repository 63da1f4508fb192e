import { type VoidResult, voidDeadline } from 'exactly-one';
import type { PlannedVoid } from '../scenario/scenario.ts';
import type { VoidArriving } from './ticket-system.ts';
import { type Caller, RETRY_AFTER_MS, type World } from './world.ts';

/**
 * The activity `voidItem`, tried until it has an answer.
 * @param mayLoseKeeper whether somebody else may take the keeper away meanwhile: nobody was promised it
 */
export async function voidItem(
  world: World,
  caller: Caller,
  { itemId, keep, mayLoseKeeper }: { itemId: string; keep: string | null; mayLoseKeeper: () => boolean },
): Promise<VoidResult> {
  const { clocks, fates, occasions, say, scenario } = world;
  const { createDeadlineMs } = scenario.timings;
  for (;;) {
    const fate = fates.void();
    const deadlineMs = voidDeadline(clocks.read('Temporal'), createDeadlineMs);
    const leftMs = world.parts.sendTimeLeftMs({
      nowMs: clocks.read('worker'),
      deadlineMs,
      elapsedMs: 0,
      createDeadlineMs,
    });
    let answer: string | undefined;
    if (keep !== null || leftMs > 0) {
      say(caller.name, () => `sends a void of ${itemId}, keep ${keep}`);
      const request = { itemId, keep, ...(keep === null && !fate.losesDeadline ? { deadlineMs } : {}) };
      const keeperGoes = () => fate.keeperGoes && mayLoseKeeper();
      deliver(world, fate, { request, keeperGoes }, (said) => {
        answer = said;
      });
      occasions.came('void');
      const answeredMs = (fate.arrivesAfterMs ?? Number.POSITIVE_INFINITY) + fate.answeredAfterMs;
      const timeoutMs = keep === null ? Math.min(leftMs, createDeadlineMs) : createDeadlineMs;
      await caller.sleep(Math.min(answeredMs, timeoutMs));
      if (answeredMs > timeoutMs) answer = undefined;
    }
    if (answer === 'voided') return 'voided';
    if (answer === 'KEEPER_NOT_LIVE') return 'keeper-not-live';
    await caller.sleep(RETRY_AFTER_MS);
  }
}

function deliver(
  world: World,
  fate: PlannedVoid,
  { request, keeperGoes }: { readonly request: VoidArriving; readonly keeperGoes: () => boolean },
  onAnswer: (said: string) => void,
): void {
  const { clock, service, say } = world;
  if (fate.arrivesAfterMs === undefined) return;
  const arrive = () => {
    if (keeperGoes()) letKeeperGo(world, request);
    const isIdle = fate.reply === 'yes, without effect';
    const said = isIdle ? 'voided' : service.voidItem(request);
    say(
      'ticket system',
      () => `void of ${request.itemId}, keep ${request.keep}: ${said}${isIdle ? ', but it is not' : ''}`,
    );
    onAnswer(fate.reply === 'error' ? 'INTERNAL_ERROR' : said);
  };
  const firstMs = clock.now() + fate.arrivesAfterMs;
  for (const atMs of [
    firstMs,
    ...(fate.arrivesAgainAfterMs === undefined ? [] : [firstMs + fate.arrivesAgainAfterMs]),
  ]) {
    world.fates.troubled(atMs);
    clock.at(atMs, arrive);
  }
}

/** Somebody else takes the keeper of this void away, and keeps what the void is about. */
function letKeeperGo({ service, say }: World, { itemId, keep }: VoidArriving): void {
  if (keep === null) return;
  const said = service.voidItem({ itemId: keep, keep: itemId });
  say('somebody', () => `void of ${keep}, keep ${itemId}: ${said}`);
}
