import { describe, expect, it } from '@jest/globals';
import { ACCOUNT_PRESETS } from './account-presets.ts';
import { planOfSettings } from './plan-of-settings.ts';
import { TICKET_SYSTEM_PRESETS } from './ticket-system-presets.ts';

describe('the fault plan of the settings', () => {
  it('has the preset and the seed', () => {
    expect(planOfSettings(ACCOUNT_PRESETS, { seed: 7, preset: 'workshop' }).state()).toMatchObject({
      seed: 7,
      preset: 'workshop',
    });
  });

  it('names the setting and what is allowed, and who knows a preset that this service does not', () => {
    expect(() => planOfSettings(ACCOUNT_PRESETS, { seed: 1, preset: 'wild' })).toThrow(
      /^FAULTS: "wild" is no preset of faults: expected one of calm, rare, .*, workshop, real-world, hostile$/,
    );
    expect(() => planOfSettings(TICKET_SYSTEM_PRESETS, { seed: 1, preset: 'workshop' })).toThrow(
      /^FAULTS: .*expected one of calm, .*; it is one of the account API only$/,
    );
  });
});
