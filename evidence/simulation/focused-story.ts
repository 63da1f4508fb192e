import { type CreateFate, coveredMs, type Story, WELL } from './story.ts';
import type { Troubles } from './troubles.ts';

/** Puts the trouble of a share of the stories where several things must meet, which chance alone seldom brings together. */
export function focusedStory(story: Story, troubles: Troubles): Story {
  const { random } = troubles;
  if (random.chance(0.6)) return story;
  return random.pick([
    cancellingVoidInFlight,
    lateTickets,
    createInFlightAtResubmission,
    misledByOldTicket,
    rejectedCreate,
  ])(story, troubles);
}

/** A cancelled order is terminated while its void is on the way, and submitted again. */
function cancellingVoidInFlight(story: Story, { random, intervals }: Troubles): Story {
  const arrivesAfterMs = random.between(1, 2 * intervals.createDeadlineMs + intervals.settleMs);
  return {
    ...story,
    creates: [],
    looks: [],
    cancellations: [{ after: 'create', nth: 1, plusMs: random.between(0, 10) }],
    voids: [{ ...WELL.void, arrivesAfterMs }],
    terminations: [
      { at: { after: 'void', nth: 1, plusMs: random.between(0, 300) }, resubmitAfterMs: random.between(0, 100) },
    ],
  };
}

/** Creates that nobody hears of commit when the order has given them up, up to the end of what its watch covers. */
function lateTickets(story: Story, { random, intervals, guarantee }: Troubles): Story {
  const { createDeadlineMs, settleMs } = intervals;
  const fenceMs = createDeadlineMs + (guarantee === 'none' ? settleMs : 0);
  const lost = (): CreateFate => ({
    ...WELL.create,
    arrivesAfterMs: random.between(fenceMs, coveredMs(intervals)),
    reply: random.pick([{ kind: 'worker dies' }, { kind: 'silence', connected: true, errorCodes: ['ECONNRESET'] }]),
  });
  return {
    ...story,
    before: [],
    creates: random.chance(0.5) ? [lost(), WELL.create] : [lost(), lost(), WELL.create],
    terminations: [],
    cancellations: random.chance(0.2) ? story.cancellations : [],
  };
}

/** A run is terminated while its create is on the way, and submitted again at once. */
function createInFlightAtResubmission(story: Story, { random, intervals }: Troubles): Story {
  const { createDeadlineMs, settleMs, clockSkewMs } = intervals;
  const arrivesAfterMs = random.pick([
    createDeadlineMs + random.between(-3 * clockSkewMs, 3 * clockSkewMs),
    createDeadlineMs + settleMs + random.between(-3 * clockSkewMs, 3 * clockSkewMs),
    random.between(0, createDeadlineMs),
  ]);
  return {
    ...story,
    creates: [{ ...WELL.create, arrivesAfterMs }],
    looks: random.chance(0.7) ? [] : story.looks,
    terminations: [
      { at: { after: 'create', nth: 1, plusMs: random.between(0, 50) }, resubmitAfterMs: random.between(0, 20) },
    ],
  };
}

/** A 201 names a ticket from before, which is voided, while the create itself is still on the way. */
function misledByOldTicket(story: Story, { random, intervals }: Troubles): Story {
  const agoMs = intervals.createDeadlineMs + 3 * intervals.clockSkewMs + random.between(0, 2_000);
  return {
    ...story,
    before: [{ agoMs, voided: true }],
    creates: [
      {
        ...WELL.create,
        arrivesAfterMs: random.between(100, coveredMs(intervals)),
        reply: { kind: 'answer', status: 201, ticket: 'there before' },
      },
    ],
  };
}

/** A create is rejected, truly or not. */
function rejectedCreate(story: Story, { random, intervals }: Troubles): Story {
  const { createDeadlineMs, settleMs } = intervals;
  const isLie = random.chance(0.5);
  const rejected: CreateFate = {
    ...WELL.create,
    arrivesAfterMs: isLie ? random.between(0, createDeadlineMs + settleMs) : undefined,
    reply: { kind: 'answer', status: random.pick([400, 403, 404, 422]), errorCode: 'PAYMENT_DECLINED' },
  };
  return { ...story, creates: random.chance(0.5) ? [rejected] : [...story.creates, rejected] };
}
