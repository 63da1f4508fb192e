import { defineQuery, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { messages, type Progress } from '../contract/index.ts';

const progressQuery = defineQuery<Progress>(messages.progress);

/** How many outcomes of creates are kept. */
const MAX_OUTCOMES = 50;

export type Display = ReturnType<typeof createDisplay>;

/**
 * What an order shows about itself: the query `exactlyOneProgress`, and the current details in Temporal's UI.
 * @param outcomes the outcomes of creates in earlier runs of the chain
 * @param onProgress called with each change
 */
export function createDisplay(
  orderId: string,
  outcomes: readonly string[] = [],
  onProgress: (progress: Progress) => void = () => undefined,
) {
  let progress: Progress = {
    orderId,
    phase: 'preparing',
    detail: 'finding out what it needs to know',
    createAttempts: 0,
    outcomes,
    voidedItemIds: [],
    cancelRequested: false,
  };
  setHandler(progressQuery, () => progress);

  const show = (change: Partial<Progress>) => {
    progress = { ...progress, ...change };
    setCurrentDetails(describe(progress));
    onProgress(progress);
  };

  return {
    show,
    current: (): Progress => progress,
    addOutcome: (outcome: string) => show({ outcomes: [...progress.outcomes, outcome].slice(-MAX_OUTCOMES) }),
  };
}

function describe(progress: Progress): string {
  const { phase, detail, guarantee, createAttempts, outcomes, fenceMs, itemId, voidedItemIds } = progress;
  const lines = [
    `**${phase}**: ${detail}`,
    `guarantee: ${guarantee ?? 'not known yet'}`,
    `create attempts: ${createAttempts}`,
    ...outcomes.slice(-5).map((outcome) => `- ${outcome}`),
    ...(fenceMs === undefined ? [] : [`fence: ${new Date(fenceMs).toISOString()}`]),
    ...(itemId === undefined ? [] : [`item: ${itemId}`]),
    ...(voidedItemIds.length === 0 ? [] : [`voided: ${voidedItemIds.join(', ')}`]),
    ...(progress.cancelRequested ? ['cancellation requested'] : []),
  ];
  return lines.join('\n\n');
}
