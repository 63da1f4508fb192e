import { ACCOUNT_PRESETS } from '../../src/services/faults/account-faults.ts';
import { testTransfersUnderFaults } from './transfers-under-faults.ts';

testTransfersUnderFaults({
  transfers: 100,
  // More deposits are rejected than in the preset, so that refunds are under way at any moment.
  faults: ACCOUNT_PRESETS.hostile.map((rule) =>
    rule.point === 'account.deposit.reject' ? { ...rule, probability: 0.4 } : rule,
  ),
  statuses: ['completed', 'refunded'],
});
