import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkOptions, optional, type Rule } from '../contract/check-options.ts';
import { STICKY_TIMEOUT_MS } from '../contract/recovery.ts';
import { TIMING_RULES } from '../contract/timing-rules.ts';
import { createLimits, type Timings } from '../protocol/timings.ts';
import { sendHeartbeats } from './heartbeats.ts';

/** Those that it needs, and those that the orders need. */
const RULES: Readonly<Record<string, Rule>> = {
  ...TIMING_RULES,
  settleMs: optional(TIMING_RULES.settleMs),
  lateWatchMs: optional(TIMING_RULES.lateWatchMs),
};

/**
 * What every worker needs that runs these activities, for `Worker.create`. If it has activity interceptors of its own,
 * list them before `sendHeartbeats`.
 * @param timings of the orders
 * @throws TypeError when a time is not one, or has another name
 */
export function workerOptions(timings: Partial<Timings> & Pick<Timings, 'createDeadlineMs' | 'clockSkewMs'>) {
  checkOptions('workerOptions', timings, RULES, Object.keys(RULES));
  const { createDeadlineMs, clockSkewMs } = timings;
  return {
    // Otherwise Temporal would notice a killed worker only when the time of its activities is up.
    interceptors: { activity: [sendHeartbeats] },
    // Each heartbeat is sent. By default most are held back until the time-out is near.
    maxHeartbeatThrottleInterval: 500,
    // Before it stops, a worker finishes the creates it has begun, because an aborted create has an unknown outcome.
    shutdownGraceTime: createLimits(createDeadlineMs, clockSkewMs).startToCloseMs,
    stickyQueueScheduleToStartTimeout: STICKY_TIMEOUT_MS,
  };
}

const DATA_CONVERTER = fileURLToPath(new URL(`../contract/data-converter${extname(import.meta.url)}`, import.meta.url));

/**
 * The data converter for `bundleWorkflowCode`: as by default, but what cannot be decoded does not fail a workflow task
 * again and again, for ever.
 */
export const dataConverter = { payloadConverterPath: DATA_CONVERTER, failureConverterPath: DATA_CONVERTER } as const;
