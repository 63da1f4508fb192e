import { expect, test } from '@jest/globals';
import { startAccountApi } from '../../src/services/account-api/account-api.fixture.ts';
import { ACCOUNT_PRESETS } from '../../src/services/faults/account-faults.ts';
import { createFaultPlan } from '../../src/services/faults/fault-plan.ts';
import { capturedStream } from '../../testbed/captured-stream.fixture.ts';
import { createNarrator } from '../../testbed/narrator.ts';
import { runMoveMoney } from './run-move-money.ts';
import { HANGING_DEPOSIT } from './transfer.ts';

test('the script is killed after its withdrawal, because its deposit hangs; one that ends first is not called killed', async () => {
  const { stream, lines } = capturedStream();
  const faultPlan = createFaultPlan(ACCOUNT_PRESETS, HANGING_DEPOSIT);
  const api = await startAccountApi({ faultPlan });
  try {
    const url = await api.app.listen({ host: '127.0.0.1', port: 0 });
    const run = (killAt: RegExp) => runMoveMoney('move-money', url, createNarrator(false, stream), killAt);
    expect(await run(/^withdrew/)).toBe(null);
    expect(lines().at(-1)).toContain('killed the script (SIGKILL)');
    faultPlan.choose({ seed: 1, preset: 'calm' });
    expect(await run(/^never printed/)).toBe(0);
    expect(lines().at(-1)).toContain('the script had ended before it could be killed');
    // The first run has withdrawn, the second one has withdrawn and deposited.
    expect(lines().filter((line) => /final balance/.test(line))).toEqual([
      expect.stringContaining('account_A: 800'),
      expect.stringContaining('account_B: 600'),
    ]);
  } finally {
    await api.stop();
  }
});
