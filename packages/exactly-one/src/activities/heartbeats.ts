import type { ActivityInterceptorsFactory } from '@temporalio/worker';

/** So many heartbeats are sent within the time in which Temporal expects one. */
const BEATS_PER_TIMEOUT = 3;

/**
 * Tells Temporal that an activity is alive, so that one whose worker has died is soon noticed. An activity that ends
 * earlier sends none.
 */
export const sendHeartbeats: ActivityInterceptorsFactory = (context) => ({
  inbound: {
    async execute(input, next) {
      const { heartbeatTimeoutMs } = context.info;
      if (heartbeatTimeoutMs === undefined) return next(input);
      const beating = setInterval(() => context.heartbeat(), heartbeatTimeoutMs / BEATS_PER_TIMEOUT);
      try {
        return await next(input);
      } finally {
        clearInterval(beating);
      }
    },
  },
});
