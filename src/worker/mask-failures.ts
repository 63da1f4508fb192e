import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { withCauses } from '../contracts/errors.ts';
import { maskOutput } from '../platform/secrets/mask-output.ts';

/** Masks secrets in the failures of activities, because Temporal keeps them in histories and shows them to everybody. */
export const maskFailures: ActivityInterceptorsFactory = () => ({
  inbound: {
    async execute(input, next) {
      try {
        return await next(input);
      } catch (error) {
        for (const each of withCauses(error)) maskError(each);
        throw error;
      }
    },
  },
});

/** Only what the failure converter reads. An error that cannot be read or changed is left to it. */
function maskError(error: unknown): void {
  if (typeof error !== 'object' || error === null) return;
  for (const field of ['message', 'stack', 'details']) {
    try {
      const value: unknown = Reflect.get(error, field);
      if (value !== undefined) Reflect.set(error, field, masked(value));
    } catch {}
  }
}

/** A value with secrets masked in all of its texts. */
function masked(value: unknown): unknown {
  if (typeof value === 'string') return maskOutput(value);
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, masked(each)]));
}
