import { describe, expect, it } from '@jest/globals';
import { ACCOUNT_PRESETS } from './account-faults.ts';
import { planFromSettings } from './plan-from-settings.ts';
import { TICKET_SYSTEM_PRESETS } from './ticket-system-faults.ts';

describe('the fault plan from the settings', () => {
  it('has the preset and the seed', () => {
    expect(planFromSettings(ACCOUNT_PRESETS, { seed: 7, preset: 'workshop' }).state()).toMatchObject({
      seed: 7,
      preset: 'workshop',
    });
  });

  it('is refused for an unknown preset, naming the setting, what is allowed, and the other service if the preset is its own', () => {
    expect(() => planFromSettings(ACCOUNT_PRESETS, { seed: 1, preset: 'wild' })).toThrow(
      /^FAULTS: "wild" is not a fault preset: use one of calm, rare, .*, workshop, real-world, hostile$/,
    );
    expect(() => planFromSettings(TICKET_SYSTEM_PRESETS, { seed: 1, preset: 'workshop' })).toThrow(
      /^FAULTS: .*use one of calm, .*; it is a preset of the account API only$/,
    );
  });
});
