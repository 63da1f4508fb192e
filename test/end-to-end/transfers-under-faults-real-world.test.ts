import { ACCOUNT_PRESETS } from '../../src/services/faults/account-faults.ts';
import { testTransfersUnderFaults } from './transfers-under-faults.ts';

// Calls fail, hang and lose their responses, but no deposit is rejected: nothing has to be refunded.
testTransfersUnderFaults({ transfers: 200, faults: ACCOUNT_PRESETS['real-world'], statuses: ['completed'] });
