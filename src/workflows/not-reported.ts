import { log, sleep } from '@temporalio/workflow';
import { type BackOff, fullJitterMs } from 'exactly-one';
import { quoted } from '../contracts/secrets.ts';

const BACK_OFF: BackOff = { baseMs: 500, capMs: 10_000 };

/** An activity ended with something that our workers never report. Any Temporal client can end an activity. */
export interface NotReported {
  readonly kind: 'not reported';
  readonly instead: string;
}

export function notReported(instead: unknown): NotReported {
  return { kind: 'not reported', instead: quoted(instead) };
}

/** Repeats a call until a worker has reported something. */
export async function untilReported<Reported>(call: () => Promise<Reported | NotReported>): Promise<Reported> {
  for (let round = 0; ; round += 1) {
    const reported = await call();
    if (!isNotReported(reported)) return reported;
    log.warn('an activity ended with something that our workers never report: it is called again', {
      instead: reported.instead,
    });
    await sleep(fullJitterMs(BACK_OFF, round, Math.random()), { summary: 'Back off: no worker has reported' });
  }
}

function isNotReported(reported: unknown): reported is NotReported {
  return typeof reported === 'object' && reported !== null && 'kind' in reported && reported.kind === 'not reported';
}
