/** A wrong version of the protocol, in which one text of one file is replaced. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** Occurs exactly once in the file, with any white space. */
  readonly from: string;
  readonly to: string;
}

type Edits = Readonly<Record<string, readonly [from: string, to: string]>>;

function mutantsOf(path: string, edits: Edits): readonly Mutant[] {
  return Object.entries(edits).map(([name, [from, to]]) => ({
    name,
    file: path.includes('/') ? path : `packages/exactly-one/src/protocol/${path}`,
    from,
    to,
  }));
}

/** Each mutant differs from the protocol in one place. The simulation must find all of them. */
export const MUTANTS: readonly Mutant[] = [
  ...mutantsOf('exactly-one.ts', {
    'creates before its first check': [
      '    const response = await steps.validate(state.seen);',
      '    const response = state.createAttempts === 0 && !state.resumed ? { items: [], asOfMs: steps.nowMs() } : await steps.validate(state.seen);',
    ],
    'completes after a void without checking again': [
      '        state = await voidAll(state, decision, steps);',
      '        state = await voidAll(state, decision, steps); if (decision.keep !== null) return { conclusion: completed(state, decision.keep, timings, steps.nowMs()), state };',
    ],
    'decides by a response that lacks the claimed item': ['    if (state.mustRereadGuarantee) continue;', ''],
    'guarantee is not read again': [
      '      state = withGuarantee(state, await steps.readGuarantee());',
      '      state = withGuarantee(state, state.guarantee);',
    ],
    'cancellation during a check is ignored': [
      '    state = withResponse(withCancellation(state, steps), response, timings);',
      '    state = withResponse({ ...state, cancelRequested: false }, response, timings);',
    ],
    'deadline is twice as long': [
      '  const deadlineMs = steps.nowMs() + createDeadlineMs;',
      '  const deadlineMs = steps.nowMs() + 2 * createDeadlineMs;',
    ],
    'every create gets the deadline of the first one': [
      '  const deadlineMs = steps.nowMs() + createDeadlineMs;',
      '  const deadlineMs = before.lastDeadlineMs ?? steps.nowMs() + createDeadlineMs;',
    ],
    'interrupted run forgets its create': [
      '  steps.onStep(withOutcome(sent, NOT_REPORTED, before), decision);',
      '  steps.onStep(before, decision);',
    ],
    'interrupted run does not read the guarantee again': [
      '  steps.onStep(withOutcome(sent, NOT_REPORTED, before), decision);',
      '  steps.onStep(sent, decision);',
    ],
    'outcome is not recorded': ['    ...withOutcome(sent, outcome, before),', '    ...sent,'],
    'create is not recorded': ['  const sent = withCreateSent(before, deadlineMs, key);', '  const sent = before;'],
    'Retry-After has no upper bound': [
      '  return Math.min(requestedMs ?? 0, MAX_RETRY_AFTER_MS);',
      '  return requestedMs ?? 0;',
    ],
    'final checks are not counted': [
      '      return { ...state, finalChecks: state.finalChecks + 1 };',
      '      return { ...state, checks: state.checks + 1 };',
    ],
    'pause before a final check is cut short': [
      '      await steps.sleep(ms);\n      return { ...state, finalChecks: state.finalChecks + 1 };',
      '      await steps.sleepUntilCheck(ms); return { ...state, finalChecks: state.finalChecks + 1 };',
    ],
    'void keeps the item it should void': [
      'await steps.voidItem(itemId, decision.keep);',
      'await steps.voidItem(itemId, decision.keep === null ? null : itemId);',
    ],
    'late watch has no checks': [
      '  return needsLateWatch(state) ? { ...conclusion, lateWatchMs: watchPauses(state, timings, nowMs) } : conclusion;',
      '  return needsLateWatch(state) ? { ...conclusion, lateWatchMs: [] } : conclusion;',
    ],
    'resolved order creates again': [
      '    const resolution = steps.resolution?.();',
      '    const resolution = state.createAttempts > 99 ? steps.resolution?.() : undefined;',
    ],
    'order that was resolved during a check decides all the same': [
      '    if (steps.resolution?.() !== undefined) continue;',
      '',
    ],
    'resolved order voids the rest of its surplus items': [
      '    if (steps.resolution?.() === undefined) await',
      '    await',
    ],
    'resolution with an item has no late watch': [
      '    lateWatchMs: watchPauses(state, timings, nowMs),\n    resolution: { reason, by, atMs },',
      '    resolution: { reason, by, atMs },',
    ],
    'rejection is reported as a cancellation': [
      "  if (as === 'cancelled' || state.rejection === undefined) return { kind: 'cancelled' };",
      "  return { kind: 'cancelled' };",
    ],
  }),
  ...mutantsOf('decide.ts', {
    'rejected order does not settle': [
      '  if (state.unresolvedCreates !== undefined && !mayRepeatCreate) return settle;',
      '  if (state.unresolvedCreates !== undefined && !mayRepeatCreate && state.rejection === undefined) return settle;',
    ],
    'settling is skipped': ['  if (state.unresolvedCreates !== undefined && !mayRepeatCreate) return settle;', ''],
    'cancellation does not wait for the fence': ['  if (state.cancelRequested && !pastFence) return settle;', ''],
    'cancellation before the first create closes at once': [
      '  if (state.unresolvedCreates !== undefined && !mayRepeatCreate) return settle;',
      "  if (state.cancelRequested && state.createAttempts === 0) return { kind: 'close', as: 'cancelled' }; if (state.unresolvedCreates !== undefined && !mayRepeatCreate) return settle;",
    ],
    'cancellation voids an item before absence is proven': [
      '  if (state.cancelRequested && state.absenceProven && live.length > 0) {',
      '  if (state.cancelRequested && live.length > 0) {',
    ],
    'cancellation keeps an item that appeared after absence was proven': [
      '  if (state.cancelRequested && state.absenceProven && live.length > 0) {',
      '  if (state.cancelRequested && false) {',
    ],
    'cancellation is ignored': [
      "  const closing = state.cancelRequested ? 'cancelled' : state.rejection !== undefined ? 'rejected' : undefined;",
      "  const closing = state.rejection !== undefined ? 'rejected' : undefined;",
    ],
    'rejection is ignored': [
      "  const closing = state.cancelRequested ? 'cancelled' : state.rejection !== undefined ? 'rejected' : undefined;",
      "  const closing = state.cancelRequested ? 'cancelled' : undefined;",
    ],
    'surplus items are not voided': ['    return surplus.length > 0', '    return surplus.length > 99'],
    'keeper is voided instead of the surplus items': [
      '    const surplus = live.filter((item) => item !== keeper).map(({ itemId }) => itemId);',
      '    const surplus = live.length < 2 ? [] : [keeper.itemId];',
    ],
    'surplus items are voided without a keeper': [
      "      ? { kind: 'void', itemIds: surplus, keep: keeper.itemId }",
      "      ? { kind: 'void', itemIds: surplus, keep: null }",
    ],
    'key changes with each attempt': [
      '  const key = idempotencyKey(orderId, state.seen.voidedItemIds);',
      '  const key = idempotencyKey(orderId, Array.from({ length: state.createAttempts }, (_, index) => String(index)));',
    ],
    'key never changes': ['new Set(voidedItemIds).size', 'new Set(voidedItemIds.slice(0, 0)).size'],
    'closes without its final checks': [
      '    const finalCheckMs = needsLateWatch(state) ? timings.lateWatchMs[state.finalChecks] : undefined;',
      '    const finalCheckMs = undefined;',
    ],
    'closes after its first final check': [
      '    const finalCheckMs = needsLateWatch(state) ? timings.lateWatchMs[state.finalChecks] : undefined;',
      '    const finalCheckMs = needsLateWatch(state) && state.finalChecks === 0 ? timings.lateWatchMs[0] : undefined;',
    ],
    'no late watch without a guarantee': [
      "  return state.guarantee === 'none' && (state.resumed || state.stayedUnknown);",
      '  return false;',
    ],
    'no late watch after an unknown outcome': [
      "  return state.guarantee === 'none' && (state.resumed || state.stayedUnknown);",
      "  return state.guarantee === 'none' && state.resumed;",
    ],
    'no late watch for a resumed run': [
      "  return state.guarantee === 'none' && (state.resumed || state.stayedUnknown);",
      "  return state.guarantee === 'none' && state.stayedUnknown;",
    ],
    'creates again during settling whatever the guarantee': [
      "  return guarantee === 'idempotency-key' && unresolvedCreates.key === key;",
      '  return unresolvedCreates.key === key;',
    ],
    'creates again during settling with another key': [
      "  return guarantee === 'idempotency-key' && unresolvedCreates.key === key;",
      "  return guarantee === 'idempotency-key';",
    ],
    'creates again before the fence of an earlier run': [
      "  if (unresolvedCreates?.kind !== 'this run' || unresolvedCreates.accepted === true) return false;",
      "  if (unresolvedCreates?.kind !== 'this run') return guarantee === 'idempotency-key'; if (unresolvedCreates.accepted === true) return false;",
    ],
    'creates again although the service has accepted its create': [
      "  if (unresolvedCreates?.kind !== 'this run' || unresolvedCreates.accepted === true) return false;",
      "  if (unresolvedCreates?.kind !== 'this run') return false;",
    ],
    'creates before its pause has passed': ['  if (nowMs < state.notBeforeMs) return', '  if (nowMs < 0) return'],
  }),
  ...mutantsOf('order-state.ts', {
    'creates are counted twice': [
      '    createAttempts: state.createAttempts + 1,',
      '    createAttempts: state.createAttempts + 2,',
    ],
    'guarantee is not read again after a 201 for an unlisted item': [
      '    mustRereadGuarantee: true,\n    seen',
      '    mustRereadGuarantee: false,\n    seen',
    ],
    'creates that were not sent are not counted': [
      '      return { ...before, createAttempts: sent.createAttempts };',
      '      return before;',
    ],
    'every run is treated as resumed': ['  if (!run.resumed) return state;', ''],
    'resumed run has nothing unresolved': ["    unresolvedCreates: { kind: 'earlier run' },", ''],
    'resumed run has no deadline of an earlier run': [
      '    lastDeadlineMs: deadlineOfEarlierRun(run.startedAtMs, createDeadlineMs, clockSkewMs),',
      '',
    ],
    'resumed run is treated as the first': [
      '  if (!run.resumed) return state;',
      '  if (state !== undefined) return state;',
    ],
    'claimed item is not recorded': [
      '        ? { ...sent, unresolvedCreates: { ...sent.unresolvedCreates, claimedItemId: outcome.itemId } }',
      '        ? sent',
    ],
    '201 is believed although its item is not listed': [
      '        ? { ...sent, unresolvedCreates: { ...sent.unresolvedCreates, claimedItemId: outcome.itemId } }',
      '        ? before',
    ],
    '201 that names an old item is believed': [
      '      if (before.seen.itemIds.includes(outcome.itemId)) return { ...sent, mustRereadGuarantee: true };',
      '      if (before.seen.itemIds.includes(outcome.itemId)) return before;',
    ],
    'rejection is believed without settling': [
      '      return { ...sent, rejection: { code: outcome.code, reason: outcome.reason }, mustRereadGuarantee: true };',
      '      return { ...before, rejection: { code: outcome.code, reason: outcome.reason }, mustRereadGuarantee: true };',
    ],
    'accepted create is treated as not sent': [
      '      return withAccepted({ ...sent, mustRereadGuarantee: true }, outcome.readyAtMs);',
      '      return { ...before, createAttempts: sent.createAttempts };',
    ],
    'guarantee is not read again after an accepted create': [
      '      return withAccepted({ ...sent, mustRereadGuarantee: true }, outcome.readyAtMs);',
      '      return withAccepted(sent, outcome.readyAtMs);',
    ],
    'unknown outcome is treated as not sent': [
      "    case 'unknown':\n      return { ...sent, mustRereadGuarantee: true };",
      "    case 'unknown':\n      return { ...before, createAttempts: sent.createAttempts };",
    ],
    'guarantee is not read again after an unknown outcome': [
      "    case 'unknown':\n      return { ...sent, mustRereadGuarantee: true };",
      "    case 'unknown':\n      return sent;",
    ],
    'guarantee stays as first read': [
      '  return { ...state, guarantee: weakerGuarantee(state.guarantee, guarantee), mustRereadGuarantee: false };',
      '  return { ...state, mustRereadGuarantee: false };',
    ],
    'fence uses the first deadline': [
      '    lastDeadlineMs: Math.max(deadlineMs, state.lastDeadlineMs ?? 0),',
      '    lastDeadlineMs: state.lastDeadlineMs ?? deadlineMs,',
    ],
    'absence is proven before the fence': [
      '    absenceProven: state.absenceProven || (pastFence && liveItems(items).length === 0),',
      '    absenceProven: state.absenceProven || liveItems(items).length === 0,',
    ],
    'absence is never proven': [
      '    absenceProven: state.absenceProven || (pastFence && liveItems(items).length === 0),',
      '    absenceProven: false,',
    ],
    'any response settles the creates': [
      '    ...(unresolvedCreates !== undefined && !pastFence && !found ? state : resolved),',
      '    ...resolved,',
    ],
    'no outcome stays unknown': [
      "    stayedUnknown: state.stayedUnknown || (unresolvedCreates?.kind === 'this run' && pastFence && !found && !isOnlyRejected(state)),",
      '    stayedUnknown: false,',
    ],
    'only the last unknown outcome counts': [
      "    stayedUnknown: state.stayedUnknown || (unresolvedCreates?.kind === 'this run' && pastFence && !found && !isOnlyRejected(state)),",
      "    stayedUnknown: unresolvedCreates?.kind === 'this run' && pastFence && !found && !isOnlyRejected(state),",
    ],
    'seen items are not recorded': ['    itemIds: union(seen.itemIds, items),', '    itemIds: [],'],
    'voided items are not recorded': ['      items.filter((item) => item.voided),', '      [],'],
  }),
  ...mutantsOf('unresolved-creates.ts', {
    'item never settles a create': ['count: (others?.count ?? 0) + 1,', 'count: (others?.count ?? 0) + 2,'],
    'presence is believed before the fence of an earlier run': [
      "  if (unresolved?.kind !== 'this run') return false;\n  const",
      "  if (unresolved?.kind !== 'this run') return unresolved !== undefined && liveItems(items).length > 0;\n  const",
    ],
    'one item settles several creates': ['  if (!oneItemAtMost) return false;', ''],
    'one item settles several creates whatever the guarantee': [
      "  const oneItemAtMost = unresolved.count === 1 || (guarantee === 'idempotency-key' && unresolved.key !== undefined);",
      '  const oneItemAtMost = unresolved.count === 1 || unresolved.key !== undefined;',
    ],
  }),
  ...mutantsOf('fence.ts', {
    'fence is before the deadline': [
      "  return guarantee === 'none' ? finishedMs + settleMs : finishedMs;",
      "  return guarantee === 'none' ? finishedMs + settleMs : finishedMs - settleMs;",
    ],
    'fence without a guarantee is the deadline': [
      "  return guarantee === 'none' ? finishedMs + settleMs : finishedMs;",
      '  return finishedMs;',
    ],
    'time to finish an accepted create is ignored': [
      '  const finishedMs = Math.max(lastDeadlineMs + acceptWithinMs, readyAtMs ?? 0);',
      '  const finishedMs = Math.max(lastDeadlineMs, readyAtMs ?? 0);',
    ],
    'time to finish counts only for creates that were reported as accepted': [
      '  const finishedMs = Math.max(lastDeadlineMs + acceptWithinMs, readyAtMs ?? 0);',
      '  const finishedMs = readyAtMs === undefined ? lastDeadlineMs : Math.max(lastDeadlineMs + acceptWithinMs, readyAtMs);',
    ],
    'time that the service states is ignored': [
      '  const finishedMs = Math.max(lastDeadlineMs + acceptWithinMs, readyAtMs ?? 0);',
      '  const finishedMs = lastDeadlineMs + acceptWithinMs;',
    ],
    'time that the service states shortens the fence': [
      '  const finishedMs = Math.max(lastDeadlineMs + acceptWithinMs, readyAtMs ?? 0);',
      '  const finishedMs = readyAtMs ?? lastDeadlineMs + acceptWithinMs;',
    ],
    'fence ignores the time of the response': [
      '  return fenceMs === undefined || asOfMs > fenceMs + clockSkewMs;',
      '  return fenceMs === undefined || asOfMs > 0;',
    ],
    'clock skew is ignored at the fence': [
      '  return fenceMs === undefined || asOfMs > fenceMs + clockSkewMs;',
      '  return fenceMs === undefined || asOfMs > fenceMs;',
    ],
    'clock skew is ignored for an earlier run': [
      '  return startedAtMs + createDeadlineMs + clockSkewMs;',
      '  return startedAtMs + createDeadlineMs;',
    ],
    'deadline of an earlier run is too early': [
      '  return startedAtMs + createDeadlineMs + clockSkewMs;',
      '  return startedAtMs;',
    ],
    'settling pause is too long': ['  return Math.max(1, Math.min(growing, untilFenceMs + 1));', '  return 3_600_000;'],
  }),
  ...mutantsOf('resolution.ts', {
    'order is resolved before its fence': [
      '  if (fenceMs !== undefined && !isPastFence(now.nowMs, fenceMs, timings.clockSkewMs)) {',
      '  if (fenceMs !== undefined && now.nowMs < 0) {',
    ],
    'clock skew is ignored when an order is resolved': [
      '  if (fenceMs !== undefined && !isPastFence(now.nowMs, fenceMs, timings.clockSkewMs)) {',
      '  if (fenceMs !== undefined && !isPastFence(now.nowMs, fenceMs, 0)) {',
    ],
    'order is resolved while a request is running': [
      '  if (now.running !== undefined) return',
      '  if (now.running === null) return',
    ],
    'order is resolved with a voided item': [
      'state.seen.voidedItemIds.includes(resolution.itemId)',
      'resolution.itemId.length === 0',
    ],
  }),
  ...mutantsOf('timings.ts', {
    'time left uses only the monotonic clock': [
      '  return Math.min(request.deadlineMs - request.nowMs, request.createDeadlineMs - request.elapsedMs);',
      '  return request.createDeadlineMs - request.elapsedMs;',
    ],
    'time left uses only the wall clock': [
      '  return Math.min(request.deadlineMs - request.nowMs, request.createDeadlineMs - request.elapsedMs);',
      '  return request.deadlineMs - request.nowMs;',
    ],
    'create activity is retried': ['    maximumAttempts: 1,', '    maximumAttempts: 2,'],
    'cancelling void has a very late deadline': [
      '  return attemptScheduledAtMs + createDeadlineMs;',
      '  return attemptScheduledAtMs + 1_000_000_000;',
    ],
  }),
  ...mutantsOf('packages/exactly-one/src/http/http-outcomes.ts', {
    'status alone counts as a rejection': [
      '  if (REJECTING_STATUSES.includes(status) && errorCode !== undefined && rejectingCodes.includes(errorCode)) {',
      "  if (REJECTING_STATUSES.includes(status)) { return { kind: 'rejected', code: String(errorCode), reason: String(status) }; } if (errorCode !== undefined && status < 0) {",
    ],
    'error code alone counts as a rejection': [
      '  if (REJECTING_STATUSES.includes(status) && errorCode !== undefined && rejectingCodes.includes(errorCode)) {',
      '  if (errorCode !== undefined && rejectingCodes.includes(errorCode)) {',
    ],
    'any 2xx that names an operation counts as accepted': [
      '  if (status === 202 && operation !== undefined && isId(operation.reference)) {',
      '  if (operation !== undefined) {',
    ],
    'accepted create counts as committed': [
      '  if (status === 202 && operation !== undefined && isId(operation.reference)) {',
      "  if (status === 202 && operation !== undefined && isId(operation.reference)) { return { kind: 'committed', itemId: operation.reference }; } if (status === 0 && operation !== undefined) {",
    ],
    'any 2xx counts as a commit': ['    status === 201 &&', '    status >= 200 && status < 300 &&'],
    '201 for another order counts as a commit': ['    item.orderId === order.orderId &&', ''],
    '201 for another reservation counts as a commit': [
      '    item.reservationId === order.reservationId',
      '    item.reservationId !== order.orderId',
    ],
    'error after connecting counts as never connected': [
      '    !connected && errorCodes.length > 0 &&',
      '    errorCodes.length > 0 &&',
    ],
    'one refused connection of several counts as never connected': [
      'errorCodes.every((code) => NEVER_CONNECTED_CODES.includes(code));',
      'errorCodes.some((code) => NEVER_CONNECTED_CODES.includes(code));',
    ],
    'no response without an error code counts as never connected': [
      '!connected && errorCodes.length > 0 && errorCodes',
      '!connected && errorCodes',
    ],
    'timeout counts as never connected': [
      "= ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'];",
      "= ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT'];",
    ],
  }),
  ...mutantsOf('complete-response.ts', {
    'error counts as absence': [
      "  if (exchange.kind === 'error') return { problem: 'an error says nothing about items' };",
      "  if (exchange.kind === 'error') return { list: { items: [], asOfMs: context.receivedAtMs } };",
    ],
    'items are not made distinct by id': [
      '  return { list: { items: [...items.values()], asOfMs } };',
      '  return { list: { items: listed, asOfMs } };',
    ],
    'response may lack an item seen before': ['  if (lost !== undefined) return', '  if (lost === null) return'],
    'response may show a voided item as live': [
      '  if (revived !== undefined) return',
      '  if (revived === null) return',
    ],
    'items of other orders are accepted': [
      '  const foreign = listed.find((item) => item.orderId !== orderId || item.reservationId !== reservationId);',
      '  const foreign = listed.find((item) => item.orderId === reservationId);',
    ],
    'items of other reservations are accepted': [
      '  const foreign = listed.find((item) => item.orderId !== orderId || item.reservationId !== reservationId);',
      '  const foreign = listed.find((item) => item.orderId !== orderId);',
    ],
    'item may be both live and voided': [
      '    if (same !== undefined && same.voided !== voided) return',
      '    if (same === null) return',
    ],
    'invalid time is accepted': ['.every(Number.isFinite)) {', '.every((time) => time !== undefined)) {'],
    'freshness is not checked': [
      '  if (!isFresh({ asOfMs, ...context })) {',
      '  if (!isFresh({ asOfMs, ...context }) && asOfMs < 0) {',
    ],
    'stale responses are believed': ['    response.asOfMs >= response.requestedAtMs - response.clockSkewMs &&', ''],
    'responses from the future are believed': [
      '    response.asOfMs <= response.receivedAtMs + response.clockSkewMs',
      '    response.asOfMs > 0',
    ],
  }),
  ...mutantsOf('keeper.ts', {
    'keeper of two items created at once has the larger id': [
      '  return a.itemId < b.itemId ? -1 : 1;',
      '  return a.itemId > b.itemId ? -1 : 1;',
    ],
    'keeper is the last item': [
      '  return [...live].sort(byCreationThenId)[0];',
      '  return [...live].sort(byCreationThenId).at(-1);',
    ],
    'keeper is any item': ['  return [...live].sort(byCreationThenId)[0];', '  return live[0];'],
    'promised item is not the keeper': [
      '  if (promisedItemId !== undefined) return live.find((item) => item.itemId === promisedItemId);',
      '',
    ],
    'voided items count as live': ['  return items.filter((item) => !item.voided);', '  return items;'],
  }),
  ...mutantsOf('late-watch.ts', {
    'late watch does not report its voids': [
      "        if (result === 'voided') change(",
      "        if (result !== 'voided') change(",
    ],
    'late watch does not void': [
      '        const result = await steps.voidItem(itemId, keeper.itemId);',
      "        const result = String(keeper.itemId) === '' ? 'voided' : undefined;",
    ],
    'late watch voids the promised item': [
      '        const result = await steps.voidItem(itemId, keeper.itemId);',
      '        const result = await steps.voidItem(keeper.itemId, itemId);',
    ],
    'late watch does not pause': ['    await steps.sleep(pauses[0] ?? 0);', '    await steps.sleep(0);'],
    'late watch checks only once': [
      'pauses.length > 0; pauses = pauses.slice(1)) {',
      'pauses.length > 0; pauses = []) {',
    ],
    'late watch forgets its remaining checks when it continues as new': [
      '    change({ lateWatchMs: [0, ...pauses.slice(1)] });',
      '    change({ lateWatchMs: [0] });',
    ],
    'late watch does not check again after a void': [
      '      if (!hasLateItems) break;',
      '      if (!hasLateItems || round > 0) break;',
    ],
    'late watch continues after its promised item is voided': [
      "      if (keeper === undefined) return conclude('promised item gone');",
      '      if (keeper === undefined) break;',
    ],
    'late watch forgets the items it has seen': ['      change({ seen: seenIn(items) });', ''],
    'late watch starts far too late': ['fenceMs + clockSkewMs - nowMs', 'fenceMs + clockSkewMs + nowMs'],
    'late watch does not wait for the fence': [
      '  const untilFenceMs = fenceMs === undefined ? 0 : Math.max(0, fenceMs + clockSkewMs - nowMs);',
      '  const untilFenceMs = fenceMs === undefined ? 0 : Math.max(0, nowMs - nowMs);',
    ],
  }),
  ...mutantsOf('src/services/ticket-system/commit-decision.ts', {
    'service does not enforce the deadline': [
      "  return isTooLate(create.nowMs, create.deadlineMs) ? { kind: 'refuse', code: 'DEADLINE_PASSED' } : { kind: 'commit' };",
      "  return { kind: 'commit' };",
    ],
    'service accepts a missing deadline': [
      '  return deadlineMs === undefined || nowMs > deadlineMs;',
      '  return deadlineMs !== undefined && nowMs > deadlineMs;',
    ],
    'service ignores idempotency keys': [
      "  if (create.guarantee === 'idempotency-key') {",
      "  if (create.guarantee === 'none') {",
    ],
    'service accepts a key for another payment': [
      '      return earlier.fingerprint === create.fingerprint',
      '      return earlier.fingerprint !== undefined',
    ],
    'service checks the deadline before the key': [
      "  if (create.guarantee === 'idempotency-key') {",
      "  if (isTooLate(create.nowMs, create.deadlineMs)) return { kind: 'refuse', code: 'DEADLINE_PASSED' }; if (create.guarantee === 'idempotency-key') {",
    ],
    'service voids although the keeper is not live': [
      '  return keeperIsLive && request.keep !== request.ticketId',
      '  return request.keep !== request.ticketId',
    ],
    'service accepts a void that keeps the voided ticket': [
      '  return keeperIsLive && request.keep !== request.ticketId',
      '  return keeperIsLive',
    ],
    'service ignores the deadline of a cancelling void': [
      '    return isTooLate(request.nowMs, request.deadlineMs)',
      '    return isTooLate(0, 0)',
    ],
    'service refuses a repeated void': [
      "  if (ticket.voided) return { kind: 'already voided' };",
      "  if (ticket.voided) return { kind: 'refuse', code: 'TICKET_UNKNOWN' };",
    ],
  }),
  ...mutantsOf('resubmission.ts', {
    'resubmission uses a new workflow id': [
      "      return { ...start, resumed: true, workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY' };",
      "      return { ...start, workflowId: workflowId.concat('-again'), resumed: true, workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY' };",
    ],
    'resubmission is not marked as resumed': [
      "      return { ...start, resumed: true, workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY' };",
      "      return { ...start, resumed: false, workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY' };",
    ],
    'first start may follow a failed run': [
      "      return { ...start, resumed: false, workflowIdReusePolicy: 'REJECT_DUPLICATE' };",
      "      return { ...start, resumed: false, workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY' };",
    ],
    'paused run counts as closed': [" || status === 'PAUSED'", ''],
    'run that continued as new counts as closed': [" || status === 'CONTINUED_AS_NEW'", ''],
    'terminated run counts as completed': [
      "  return status === 'COMPLETED' ? 'completed' : 'closed without a result';",
      "  return status !== 'FAILED' ? 'completed' : 'closed without a result';",
    ],
  }),
  ...mutantsOf('ids.ts', {
    'all late watches share one id': ['{runId}', '{runId.slice(0, 0)}'],
    'Request-Id does not depend on the run': ['{activity.runId}', '{activity.runId.slice(0, 0)}'],
    'Request-Id does not depend on the activity': ['{activity.activityId}', '{activity.activityId.slice(0, 0)}'],
  }),
  ...mutantsOf('back-off.ts', {
    'back-off has no cap': [
      'Math.min(backOff.capMs, backOff.baseMs * 2 ** Math.min(round, 30))',
      'backOff.baseMs * 2 ** Math.min(round + 12, 30)',
    ],
  }),
];
