import { failpoint } from '../../platform/failpoints/failpoint.ts';
import type { CreationSteps } from '../storage/create-file-once.ts';

/** The steps by which a file comes to be, with a failpoint at each of them. */
export function withFailpoints(
  file: 'reservation' | 'create' | 'void',
  orderId: string,
  steps: CreationSteps,
): CreationSteps {
  return {
    async beforeWrite() {
      await steps.beforeWrite?.();
      await failpoint(`${file}.before-write`, orderId);
    },
    async beforeLink() {
      await steps.beforeLink?.();
      await failpoint(`${file}.before-link`, orderId);
    },
    async afterLink() {
      await steps.afterLink?.();
      await failpoint(`${file}.before-sync`, orderId);
    },
  };
}
