import { ACCOUNT_PRESETS } from './account-faults.ts';
import { createFaultPlan, type FaultPlan, UnknownPresetError } from './fault-plan.ts';
import type { FaultRule } from './fault-rules.ts';
import { TICKET_SYSTEM_PRESETS } from './ticket-system-faults.ts';

type Presets<Point extends string> = Readonly<Record<string, readonly FaultRule<Point>[]>>;

/**
 * The fault plan that a service starts with.
 * @param preset from the setting `FAULTS`
 * @throws Error that names the setting, and the other service if the preset belongs to it
 */
export function planFromSettings<Point extends string>(
  presets: Presets<Point>,
  { seed, preset }: { readonly seed: number; readonly preset: string },
): FaultPlan<Point> {
  try {
    return createFaultPlan(presets, { seed, preset });
  } catch (error) {
    if (!(error instanceof UnknownPresetError)) throw error;
    const owner = serviceWithPreset(preset);
    const hint = owner === undefined ? '' : `; it is a preset of the ${owner} only`;
    throw new Error(`FAULTS: ${error.message}${hint}`, { cause: error });
  }
}

function serviceWithPreset(preset: string): string | undefined {
  if (Object.hasOwn(ACCOUNT_PRESETS, preset)) return 'account API';
  return Object.hasOwn(TICKET_SYSTEM_PRESETS, preset) ? 'ticket system' : undefined;
}
