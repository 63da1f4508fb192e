import type { Wait } from './wait.ts';

/** An activity that a workflow waits for, as the JSON of a status has it. */
export interface PendingActivity {
  readonly activity: string;
  readonly attempt: number;
  readonly lastFailure: string | undefined;
}

export function pendingActivities(waits: readonly Wait[]): readonly PendingActivity[] {
  return waits.flatMap((wait) =>
    wait.kind === 'activity' ? [{ activity: wait.activity, attempt: wait.attempt, lastFailure: wait.error }] : [],
  );
}

/** `getToken, attempt 3, last: connect ECONNREFUSED 127.0.0.1:3001` */
export function pendingText({ activity, attempt, lastFailure }: PendingActivity): string {
  return `${activity}, attempt ${attempt}${lastFailure === undefined ? '' : `, last: ${lastFailure}`}`;
}
