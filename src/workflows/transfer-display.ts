import { defineQuery, setCurrentDetails, setHandler, upsertSearchAttributes } from '@temporalio/workflow';

import { decimalOf } from '../contracts/money.ts';
import { transferSearchAttributes } from '../contracts/search-attributes.ts';
import type { TransferProgress, TransferStep, TransferTerms } from '../contracts/transfer.ts';
import { messages } from '../contracts/workflow-names.ts';

const transferProgressQuery = defineQuery<TransferProgress>(messages.transferProgress);

/** How many remarks are kept. */
const MAX_REMARKS = 50;

type TransferStatus = 'running' | 'completed' | 'refunded' | 'refused' | 'cancelled' | 'unresolved';

export type TransferDisplay = ReturnType<typeof createTransferDisplay>;

/**
 * What a transfer shows about itself: the query `transferProgress`, the current details in Temporal's UI, and search
 * attributes where the namespace has them.
 */
export function createTransferDisplay(transferId: string, terms: TransferTerms, cancelRequested: () => boolean) {
  let progress: Omit<TransferProgress, 'cancelRequested'> = { transferId, ...terms, stepsDone: [], remarks: [] };
  let hasSearchAttributes = false;
  setHandler(transferProgressQuery, () => ({ ...progress, cancelRequested: cancelRequested() }));

  const show = (change: Partial<TransferProgress>) => {
    progress = { ...progress, ...change };
    setCurrentDetails(describe(progress));
  };

  return {
    /** Runs a step of the transfer, and shows when it starts and when it is done. */
    async step<Result>(currentStep: TransferStep, run: () => Promise<Result>): Promise<Result> {
      show({ currentStep });
      const result = await run();
      const { currentStep: _, ...rest } = progress;
      progress = rest;
      show({ stepsDone: [...progress.stepsDone, currentStep] });
      return result;
    },
    remark: (text: string) => show({ remarks: [...progress.remarks, text].slice(-MAX_REMARKS) }),
    /** @param enabled whether the namespace has the search attributes; until this call none is set */
    useSearchAttributes(enabled: boolean) {
      hasSearchAttributes = enabled;
    },
    /** Sets the status that transfers can be searched by. */
    setStatus(status: TransferStatus) {
      if (!hasSearchAttributes) return;
      upsertSearchAttributes([
        { key: transferSearchAttributes.from, value: terms.from },
        { key: transferSearchAttributes.to, value: terms.to },
        { key: transferSearchAttributes.status, value: status },
      ]);
    },
  };
}

function describe(progress: Omit<TransferProgress, 'cancelRequested'>): string {
  const { from, to, amountCents, stepsDone, currentStep, remarks } = progress;
  return [
    `**${decimalOf(amountCents)}** from ${from} to ${to}`,
    ...stepsDone.map((step) => `- ${step}: done`),
    ...(currentStep === undefined ? [] : [`- ${currentStep} ...`]),
    ...remarks.slice(-5),
  ].join('\n\n');
}
