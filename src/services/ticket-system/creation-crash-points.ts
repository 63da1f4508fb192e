import { crashPoint } from '../../platform/failpoints/failpoint.ts';
import type { CreationSteps } from '../storage/create-file-once.ts';

/** The steps by which a file comes to be, with a crash point at each of them. */
export function withCrashPoints(
  file: 'reservation' | 'create' | 'void',
  orderId: string,
  steps: CreationSteps,
): CreationSteps {
  return {
    async beforeWrite() {
      await steps.beforeWrite?.();
      await crashPoint(`${file}.before-write`, orderId);
    },
    async beforeLink() {
      await steps.beforeLink?.();
      await crashPoint(`${file}.before-link`, orderId);
    },
    async afterLink() {
      await steps.afterLink?.();
      await crashPoint(`${file}.before-sync`, orderId);
    },
  };
}
