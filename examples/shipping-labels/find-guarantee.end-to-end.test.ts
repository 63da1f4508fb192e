import { expect } from '@jest/globals';
import { createFaultPlan } from '../../src/services/faults/fault-plan.ts';
import { eachOf, testConcurrently } from '../../testbed/concurrent-tests.ts';
import { createCarrier } from './carrier.ts';
import { type CarrierPoint, createCarrierService } from './demo/carrier-service.ts';
import { findGuarantee } from './find-guarantee.ts';

/** Half of the creates commit some time after they have arrived. */
const SLOW_COMMITS = [{ point: 'create.late-commit', kind: 'delay', probability: 0.5, delayMs: 600 }] as const;

testConcurrently({
  'the experiments find that a carrier': eachOf(
    {
      'without a guarantee keeps neither keys nor deadlines': ['none', 'at the commit', 'none'],
      'with the guarantee deadline keeps deadlines but not keys': ['deadline', 'at the commit', 'deadline'],
      'that checks deadlines on arrival only keeps neither': ['deadline', 'on arrival', 'none'],
      'with the guarantee idempotency-key keeps keys and deadlines': [
        'idempotency-key',
        'at the commit',
        'idempotency-key',
      ],
    } as const,
    async ([guaranteed, checksDeadline, guarantee]) => {
      const faults = createFaultPlan<CarrierPoint>({}, { seed: 112_358, rules: SLOW_COMMITS });
      const service = createCarrierService(guaranteed, faults, checksDeadline);
      const carrier = createCarrier(await service.listen());
      let experiments = 0;
      const found = await findGuarantee(carrier, () => `experiment-${experiments++}`);
      await service.close();
      const [keepsKeys, keepsDeadlines] = [guarantee === 'idempotency-key', guarantee !== 'none'];
      expect(found).toEqual({ guarantee, keepsKeys, keepsDeadlines });
    },
  ),
});
