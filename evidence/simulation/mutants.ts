/** A wrong version of the protocol: one text of one file replaced. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** Found exactly once in the file. */
  readonly from: string;
  readonly to: string;
}

type Edits = Readonly<Record<string, readonly [from: string, to: string]>>;

function mutantsOf(path: string, edits: Edits): readonly Mutant[] {
  return Object.entries(edits).map(([name, [from, to]]) => ({
    name,
    file: path.includes('/') ? path : `packages/exactly-one/src/${path}`,
    from,
    to,
  }));
}

/** Wrong versions of the protocol, each one line away from the right one. The simulation must find every one. */
export const MUTANTS: readonly Mutant[] = [
  ...mutantsOf('exactly-one.ts', {
    'create before validate': [
      '    const answer = await steps.validate(state.seen);',
      '    const answer = state.createAttempts === 0 && !state.resumed ? { items: [], asOfMs: steps.nowMs() } : await steps.validate(state.seen);',
    ],
    'void without a re-check': [
      '        state = await voidAll(state, decision, steps);',
      '        state = await voidAll(state, decision, steps); if (decision.keep !== null) return { conclusion: completed(state, decision.keep, timings, steps.nowMs()), state };',
    ],
    'decides by an answer that lacks the claimed item': ['    if (state.mustRereadGuarantee) continue;', ''],
    'guarantee not read again': [
      '      state = withGuarantee(state, await steps.readGuarantee());',
      '      state = withGuarantee(state, state.guarantee);',
    ],
    'cancellation during a look unheard': [
      '      { ...state, cancelRequested: state.cancelRequested || steps.cancelRequested() },',
      '      { ...state, cancelRequested: false },',
    ],
    'deadline twice as far': [
      '  const deadlineMs = steps.nowMs() + timings.createDeadlineMs;',
      '  const deadlineMs = steps.nowMs() + 2 * timings.createDeadlineMs;',
    ],
    'deadline of the first create for all': [
      '  const deadlineMs = steps.nowMs() + timings.createDeadlineMs;',
      '  const deadlineMs = before.lastDeadlineMs ?? steps.nowMs() + timings.createDeadlineMs;',
    ],
    'outcome forgotten': ['    ...withOutcome(sent, outcome, before),', '    ...sent,'],
    'create not remembered': ['  const sent = withCreateSent(before, deadlineMs, key);', '  const sent = before;'],
    'Retry-After believed without bound': [
      '  return Math.min(asked ?? 0, LONGEST_RETRY_AFTER_MS);',
      '  return asked ?? 0;',
    ],
    'final check taken again and again': [
      "  return why === 'final check' ? { ...state, finalChecks: state.finalChecks + 1 } : { ...state, checks: state.checks + 1 };",
      '  return { ...state, checks: state.checks + 1 };',
    ],
    'void keeps what it should take': [
      '  for (const itemId of decision.itemIds) await steps.voidItem(itemId, decision.keep);',
      '  for (const itemId of decision.itemIds) await steps.voidItem(itemId, decision.keep === null ? null : itemId);',
    ],
    'watch of no look': [
      '  return { ...ending, lateWatchMs: watchSchedule(lateWatchMs, fenceOfState(state, timings), clockSkewMs, nowMs) };',
      '  return { ...ending, lateWatchMs: [] };',
    ],
    'rejection told as a cancellation': [
      "  if (as === 'cancelled' || state.rejection === undefined) return { kind: 'cancelled' };",
      "  return { kind: 'cancelled' };",
    ],
  }),
  ...mutantsOf('decide.ts', {
    'a rejected order in unresolved completes': [
      '  if (state.unresolved !== undefined && !mayStayInDoubt) return settle;',
      '  if (state.unresolved !== undefined && !mayStayInDoubt && state.rejection === undefined) return settle;',
    ],
    'settle skipped': ['  if (state.unresolved !== undefined && !mayStayInDoubt) return settle;', ''],
    'cancellation that compensates the unknown': ['  if (state.cancelRequested && !pastFence) return settle;', ''],
    'cancellation before the first create that does not look': [
      '  if (state.unresolved !== undefined && !mayStayInDoubt) return settle;',
      "  if (state.cancelRequested && state.createAttempts === 0) return { kind: 'close', as: 'cancelled' }; if (state.unresolved !== undefined && !mayStayInDoubt) return settle;",
    ],
    'cancellation voids what it found': [
      '  if (state.cancelRequested && state.absenceProven && live.length > 0) {',
      '  if (state.cancelRequested && live.length > 0) {',
    ],
    'cancellation completes with what came after': [
      '  if (state.cancelRequested && state.absenceProven && live.length > 0) {',
      '  if (state.cancelRequested && false) {',
    ],
    'cancellation unheard': [
      "  const closing = state.cancelRequested ? 'cancelled' : state.rejection !== undefined ? 'rejected' : undefined;",
      "  const closing = state.rejection !== undefined ? 'rejected' : undefined;",
    ],
    'rejection unheard': [
      "  const closing = state.cancelRequested ? 'cancelled' : state.rejection !== undefined ? 'rejected' : undefined;",
      "  const closing = state.cancelRequested ? 'cancelled' : undefined;",
    ],
    'extras not voided': ['    return surplus.length > 0', '    return surplus.length > 99'],
    'the wrong one voided': [
      '    const surplus = live.filter((item) => item !== keeper).map(({ itemId }) => itemId);',
      '    const surplus = live.length < 2 ? [] : [keeper.itemId];',
    ],
    'surplus voided without a keeper': [
      "      ? { kind: 'void', itemIds: surplus, keep: keeper.itemId }",
      "      ? { kind: 'void', itemIds: surplus, keep: null }",
    ],
    'key per attempt': [
      '  const key = idempotencyKey(orderId, state.seen.voidedItemIds);',
      '  const key = idempotencyKey(orderId, Array.from({ length: state.createAttempts }, (_, index) => String(index)));',
    ],
    'closes without its last checks': [
      '    const lateLookMs = needsLateWatch(state) ? timings.lateWatchMs[state.finalChecks] : undefined;',
      '    const lateLookMs = undefined;',
    ],
    'closes after its first final check': [
      '    const lateLookMs = needsLateWatch(state) ? timings.lateWatchMs[state.finalChecks] : undefined;',
      '    const lateLookMs = needsLateWatch(state) && state.finalChecks === 0 ? timings.lateWatchMs[0] : undefined;',
    ],
    'no late watch in naive': [
      "  return state.guarantee === 'none' && (state.resumed || state.stayedUnknown);",
      '  return false;',
    ],
    'no late watch after an unknown': [
      "  return state.guarantee === 'none' && (state.resumed || state.stayedUnknown);",
      "  return state.guarantee === 'none' && state.resumed;",
    ],
    'no late watch of a resumed run': [
      "  return state.guarantee === 'none' && (state.resumed || state.stayedUnknown);",
      "  return state.guarantee === 'none' && state.stayedUnknown;",
    ],
    'sends again whatever the guarantee': [
      "  return guarantee === 'idempotency-key' && unresolved?.kind === 'creates' && unresolved.key === key;",
      "  return unresolved?.kind === 'creates' && unresolved.key === key;",
    ],
    'sends again with another key': [
      "  return guarantee === 'idempotency-key' && unresolved?.kind === 'creates' && unresolved.key === key;",
      "  return guarantee === 'idempotency-key' && unresolved?.kind === 'creates';",
    ],
    'sends again before the fence of the run before': [
      "  return guarantee === 'idempotency-key' && unresolved?.kind === 'creates' && unresolved.key === key;",
      "  return guarantee === 'idempotency-key' && key !== '';",
    ],
    'creates before its pause is over': ['  if (nowMs < state.notBeforeMs) return', '  if (nowMs < 0) return'],
  }),
  ...mutantsOf('order-state.ts', {
    'creates miscounted': [
      '    createAttempts: state.createAttempts + 1,',
      '    createAttempts: state.createAttempts + 2,',
    ],
    'guarantee not read again after a 201 for an unlisted item': [
      '    mustRereadGuarantee: true,\n    seen',
      '    mustRereadGuarantee: false,\n    seen',
    ],
    'creates that were not sent forgotten': [
      '      return { ...before, createAttempts: sent.createAttempts };',
      '      return before;',
    ],
    'every run waits as if it followed another': ['  if (!run.resumed) return state;', ''],
    'an item ends no wait': ['sends: (open?.sends ?? 0) + 1,', 'sends: (open?.sends ?? 0) + 2,'],
    'no fence for a resumed run': ["    unresolved: { kind: 'earlier run' },", ''],
    'no deadline of a run before': [
      '    lastDeadlineMs: deadlineOfEarlierRun(run.startedAtMs, createDeadlineMs, clockSkewMs),',
      '',
    ],
    'resumed taken for the first': ['  if (!run.resumed) return state;', '  if (state !== undefined) return state;'],
    'presence believed before the fence of a resumed run': [
      "  if (unresolved?.kind !== 'creates') return false;",
      "  if (unresolved?.kind !== 'creates') return unresolved !== undefined && liveItems(items).length > 0;",
    ],
    'many sends settled by one item': ['  if (!oneItemAtMost) return false;', ''],
    'many keys settled by one item': [
      "  const oneItemAtMost = unresolved.sends === 1 || (guarantee === 'idempotency-key' && unresolved.key !== undefined);",
      '  const oneItemAtMost = unresolved.sends === 1 || unresolved.key !== undefined;',
    ],
    'claimed not remembered': [
      '        ? { ...sent, unresolved: { ...sent.unresolved, claimedItemId: outcome.itemId } }',
      '        ? sent',
    ],
    'claimed is believed unlisted': [
      '        ? { ...sent, unresolved: { ...sent.unresolved, claimedItemId: outcome.itemId } }',
      '        ? before',
    ],
    'claim of an old item believed': [
      '      if (before.seen.itemIds.includes(outcome.itemId)) return { ...sent, mustRereadGuarantee: true };',
      '      if (before.seen.itemIds.includes(outcome.itemId)) return before;',
    ],
    'rejected without settling': [
      '      return { ...sent, rejection: { code: outcome.code, reason: outcome.reason }, mustRereadGuarantee: true };',
      '      return { ...before, rejection: { code: outcome.code, reason: outcome.reason }, mustRereadGuarantee: true };',
    ],
    'an unknown taken for not sent': [
      "    case 'unknown':\n      return { ...sent, mustRereadGuarantee: true };",
      "    case 'unknown':\n      return { ...before, createAttempts: sent.createAttempts };",
    ],
    'guarantee not in question after an unknown': [
      "    case 'unknown':\n      return { ...sent, mustRereadGuarantee: true };",
      "    case 'unknown':\n      return sent;",
    ],
    'the strongest guarantee rules': [
      '  return { ...state, guarantee: weakestGuarantee(state.guarantee, guarantee), mustRereadGuarantee: false };',
      '  return { ...state, mustRereadGuarantee: false };',
    ],
    'last deadline forgotten': [
      '    lastDeadlineMs: Math.max(deadlineMs, state.lastDeadlineMs ?? 0),',
      '    lastDeadlineMs: state.lastDeadlineMs ?? deadlineMs,',
    ],
    'absence proven without a fence': [
      '    absenceProven: state.absenceProven || (pastFence && liveItems(answer.items).length === 0),',
      '    absenceProven: state.absenceProven || liveItems(answer.items).length === 0,',
    ],
    'absence never proven': [
      '    absenceProven: state.absenceProven || (pastFence && liveItems(answer.items).length === 0),',
      '    absenceProven: false,',
    ],
    'unresolved ended by any answer': [
      '    ...(unresolved !== undefined && !pastFence && !found ? state : settled),',
      '    ...settled,',
    ],
    'nothing stays unknown': [
      "    stayedUnknown: state.stayedUnknown || (unresolved?.kind === 'creates' && pastFence && !found && !isOnlyRejected(state)),",
      '    stayedUnknown: false,',
    ],
    'only the last unknown counts': [
      "    stayedUnknown: state.stayedUnknown || (unresolved?.kind === 'creates' && pastFence && !found && !isOnlyRejected(state)),",
      "    stayedUnknown: unresolved?.kind === 'creates' && pastFence && !found && !isOnlyRejected(state),",
    ],
    'seen items forgotten': ['    itemIds: union(seen.itemIds, items),', '    itemIds: [],'],
    'a key that forgets voided items': ['      items.filter((item) => item.voided),', '      [],'],
  }),
  ...mutantsOf('fence.ts', {
    'settle shorter than the deadline': [
      "  return guarantee === 'none' ? lastDeadlineMs + settleMs : lastDeadlineMs;",
      "  return guarantee === 'none' ? lastDeadlineMs + settleMs : lastDeadlineMs - settleMs;",
    ],
    'no settling with guarantee none': [
      "  return guarantee === 'none' ? lastDeadlineMs + settleMs : lastDeadlineMs;",
      '  return lastDeadlineMs;',
    ],
    'absence without asOf': [
      '  return fenceMs === undefined || asOfMs > fenceMs + clockSkewMs;',
      '  return fenceMs === undefined || asOfMs > 0;',
    ],
    'skew ignored at the fence': [
      '  return fenceMs === undefined || asOfMs > fenceMs + clockSkewMs;',
      '  return fenceMs === undefined || asOfMs > fenceMs;',
    ],
    'skew ignored at the start of a resumed run': [
      '  return startedAtMs + createDeadlineMs + clockSkewMs;',
      '  return startedAtMs + createDeadlineMs;',
    ],
    'the run before had no time for its create': [
      '  return startedAtMs + createDeadlineMs + clockSkewMs;',
      '  return startedAtMs;',
    ],
    'stale answers believed': ['    answer.asOfMs >= answer.requestedAtMs - answer.clockSkewMs &&', ''],
    'answers from the future believed': [
      '    answer.asOfMs <= answer.receivedAtMs + answer.clockSkewMs',
      '    answer.asOfMs > 0',
    ],
    'sent by the monotonic clock alone': [
      '  return Math.min(send.deadlineMs - send.nowMs, send.createDeadlineMs - send.elapsedMs);',
      '  return send.createDeadlineMs - send.elapsedMs;',
    ],
    'sent by the wall clock alone': [
      '  return Math.min(send.deadlineMs - send.nowMs, send.createDeadlineMs - send.elapsedMs);',
      '  return send.deadlineMs - send.nowMs;',
    ],
    'retry on create': ['    maximumAttempts: 1,', '    maximumAttempts: 2,'],
    'a void without deadline on cancellation': [
      '  return attemptScheduledAtMs + createDeadlineMs;',
      '  return attemptScheduledAtMs + 1_000_000_000;',
    ],
    'settles for ever': ['  return Math.max(1, Math.min(growing, untilFenceMs + 1));', '  return 3_600_000;'],
  }),
  ...mutantsOf('classify-outcome.ts', {
    'a status code alone taken as rejection': [
      '  if (REJECTING_STATUSES.includes(status) && errorCode !== undefined && rejectingCodes.includes(errorCode)) {',
      "  if (REJECTING_STATUSES.includes(status)) { return { kind: 'rejected', code: String(errorCode), reason: String(status) }; } if (errorCode !== undefined && status < 0) {",
    ],
    'a code alone taken as rejection': [
      '  if (REJECTING_STATUSES.includes(status) && errorCode !== undefined && rejectingCodes.includes(errorCode)) {',
      '  if (errorCode !== undefined && rejectingCodes.includes(errorCode)) {',
    ],
    'any 2xx taken as a commit': ['    status === 201 &&', '    status >= 200 && status < 300 &&'],
    'an item of another order taken': ['    item.orderId === order.orderId &&', ''],
    'an item of another reservation taken': [
      '    item.reservationId === order.reservationId',
      '    item.reservationId !== order.orderId',
    ],
    'a reset taken for never connected': ['    !connected && errorCodes.length > 0 &&', '    errorCodes.length > 0 &&'],
    'one refused connection of several is enough': [
      'errorCodes.every((code) => NEVER_CONNECTED_CODES.includes(code));',
      'errorCodes.some((code) => NEVER_CONNECTED_CODES.includes(code));',
    ],
    'silence without a reason taken for never connected': [
      '!connected && errorCodes.length > 0 && errorCodes',
      '!connected && errorCodes',
    ],
    'a time-out taken for never connected': [
      "= ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'];",
      "= ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT'];",
    ],
  }),
  ...mutantsOf('complete-response.ts', {
    'error read as absence': [
      "  if (received.kind === 'error') return { problem: 'an error says nothing about items' };",
      "  if (received.kind === 'error') return { list: { items: [], asOfMs: context.receivedAtMs } };",
    ],
    'duplicates counted by line and not by id': [
      '  return { list: { items: [...items.values()], asOfMs } };',
      '  return { list: { items: listed, asOfMs } };',
    ],
    'reads that may go backwards': ['  if (lost !== undefined) return', '  if (lost === null) return'],
    'voids that may be undone': ['  if (revived !== undefined) return', '  if (revived === null) return'],
    'items of others counted': [
      '  const foreign = listed.find((item) => item.orderId !== orderId || item.reservationId !== reservationId);',
      '  const foreign = listed.find((item) => item.orderId === reservationId);',
    ],
    'items of other reservations counted': [
      '  const foreign = listed.find((item) => item.orderId !== orderId || item.reservationId !== reservationId);',
      '  const foreign = listed.find((item) => item.orderId !== orderId);',
    ],
    'both live and voided': [
      '    if (same !== undefined && same.voided !== voided) return',
      '    if (same === null) return',
    ],
    'an unreadable time believed': ['.every(Number.isFinite)) {', '.every((time) => time !== undefined)) {'],
    'freshness not looked at': [
      '  if (!isFresh({ asOfMs, ...context })) {',
      '  if (!isFresh({ asOfMs, ...context }) && asOfMs < 0) {',
    ],
  }),
  ...mutantsOf('keeper.ts', {
    'of two from one moment the other is kept': [
      '  return a.itemId < b.itemId ? -1 : 1;',
      '  return a.itemId > b.itemId ? -1 : 1;',
    ],
    'the last one is kept': [
      '  return [...live].sort(byCreationThenId)[0];',
      '  return [...live].sort(byCreationThenId).at(-1);',
    ],
    'any one is kept': ['  return [...live].sort(byCreationThenId)[0];', '  return live[0];'],
    'promised not kept': [
      '  if (promisedItemId !== undefined) return live.find((item) => item.itemId === promisedItemId);',
      '',
    ],
    'voided items counted as live': ['  return items.filter((item) => !item.voided);', '  return items;'],
  }),
  ...mutantsOf('idempotency-key.ts', {
    'one key for ever': ['new Set(voidedItemIds).size', 'new Set(voidedItemIds.slice(0, 0)).size'],
  }),
  ...mutantsOf('late-watch.ts', {
    'voids of the watch not told': [
      "        if (result === 'voided') change(",
      "        if (result !== 'voided') change(",
    ],
    'a watch that only checks': [
      '        const result = await steps.voidItem(itemId, keeper.itemId);',
      "        const result = String(keeper.itemId) === '' ? 'voided' : undefined;",
    ],
    'a watch that voids the promised one': [
      '        const result = await steps.voidItem(itemId, keeper.itemId);',
      '        const result = await steps.voidItem(keeper.itemId, itemId);',
    ],
    'a watch that does not pause': ['    await steps.sleep(pauses[0] ?? 0);', '    await steps.sleep(0);'],
    'a watch of one look': ['pauses.length > 0; pauses = pauses.slice(1)) {', 'pauses.length > 0; pauses = []) {'],
    'a watch that forgets the checks that are left': [
      '    change({ lateWatchMs: [0, ...pauses.slice(1)] });',
      '    change({ lateWatchMs: [0] });',
    ],
    'a watch that does not look again': ['      if (!unvoided) break;', '      if (!unvoided || round > 0) break;'],
    'a watch that goes on though its promised item is gone': [
      "      if (keeper === undefined) return conclude('promised item gone');",
      '      if (keeper === undefined) break;',
    ],
    'a watch that forgets what it saw': ['      change({ seen: seenIn(items) });', ''],
  }),
  ...mutantsOf('watch-schedule.ts', {
    'a watch that begins after the end of all time': ['fenceMs + clockSkewMs - nowMs', 'fenceMs + clockSkewMs + nowMs'],
    'a watch that counts from now': [
      '  const untilFenceMs = fenceMs === undefined ? 0 : Math.max(0, fenceMs + clockSkewMs - nowMs);',
      '  const untilFenceMs = fenceMs === undefined ? 0 : Math.max(0, nowMs - nowMs);',
    ],
  }),
  ...mutantsOf('src/services/ticket-system/commit-decision.ts', {
    'deadline not enforced': [
      "  return isTooLate(create.nowMs, create.deadlineMs) ? { kind: 'refuse', code: 'DEADLINE_PASSED' } : { kind: 'commit' };",
      "  return { kind: 'commit' };",
    ],
    'a missing deadline is in time': [
      '  return deadlineMs === undefined || nowMs > deadlineMs;',
      '  return deadlineMs !== undefined && nowMs > deadlineMs;',
    ],
    'keys not obeyed': ["  if (create.guarantee === 'idempotency-key') {", "  if (create.guarantee === 'none') {"],
    'a key given again for another payment': [
      '      return earlier.fingerprint === create.fingerprint',
      '      return earlier.fingerprint !== undefined',
    ],
    'the deadline before the key': [
      "  if (create.guarantee === 'idempotency-key') {",
      "  if (isTooLate(create.nowMs, create.deadlineMs)) return { kind: 'refuse', code: 'DEADLINE_PASSED' }; if (create.guarantee === 'idempotency-key') {",
    ],
    'void without keeper check': [
      '  return keeperIsLive && request.keep !== request.ticketId',
      '  return request.keep !== request.ticketId',
    ],
    'a void keeps the one that it takes': [
      '  return keeperIsLive && request.keep !== request.ticketId',
      '  return keeperIsLive',
    ],
    'a cancelling void without deadline': [
      '    return isTooLate(request.nowMs, request.deadlineMs)',
      '    return isTooLate(0, 0)',
    ],
    'a void again is refused': [
      "  if (ticket.voided) return { kind: 'already voided' };",
      "  if (ticket.voided) return { kind: 'refuse', code: 'TICKET_UNKNOWN' };",
    ],
  }),
  ...mutantsOf('src/starter/resubmission.ts', {
    'resubmission under a new id': [
      "      return { ...start, resumed: true, workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY' };",
      "      return { ...start, workflowId: workflowId.concat('-again'), resumed: true, workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY' };",
    ],
    'resubmission that knows of no run before': [
      "      return { ...start, resumed: true, workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY' };",
      "      return { ...start, resumed: false, workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY' };",
    ],
    'a first start that may follow a failed one': [
      "      return { ...start, resumed: false, workflowIdReusePolicy: 'REJECT_DUPLICATE' };",
      "      return { ...start, resumed: false, workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY' };",
    ],
    'a paused run taken for a closed one': [" || status === 'PAUSED'", ''],
    'a run that goes on taken for a closed one': [" || status === 'CONTINUED_AS_NEW'", ''],
    'a terminated run taken for a completed one': [
      "  return status === 'COMPLETED' ? 'completed' : 'closed without a result';",
      "  return status !== 'FAILED' ? 'completed' : 'closed without a result';",
    ],
  }),
  ...mutantsOf('src/contracts/ids.ts', {
    'one watch id for all runs': ['{runId}', '{runId.slice(0, 0)}'],
    'one Request-Id for all runs': ['{activity.runId}', '{activity.runId.slice(0, 0)}'],
    'one Request-Id for all creates': ['{activity.activityId}', '{activity.activityId.slice(0, 0)}'],
  }),
  ...mutantsOf('back-off.ts', {
    'back-off without a cap': [
      'Math.min(backOff.capMs, backOff.baseMs * 2 ** Math.min(round, 30))',
      'backOff.baseMs * 2 ** Math.min(round + 12, 30)',
    ],
  }),
];
