import { ACCOUNT_PRESETS } from './account-presets.ts';
import { createFaultPlan, type FaultPlan, UnknownPresetError } from './fault-plan.ts';
import type { FaultRule } from './fault-rules.ts';
import { TICKET_SYSTEM_PRESETS } from './ticket-system-presets.ts';

type Presets<Point extends string> = Readonly<Record<string, readonly FaultRule<Point>[]>>;

/**
 * The fault plan that a service starts with.
 * @param preset from the setting `FAULTS`
 * @throws Error that names the setting, and the service that knows the preset where another one does
 */
export function planOfSettings<Point extends string>(
  presets: Presets<Point>,
  { seed, preset }: { readonly seed: number; readonly preset: string },
): FaultPlan<Point> {
  try {
    return createFaultPlan(presets, { seed, preset });
  } catch (error) {
    if (!(error instanceof UnknownPresetError)) throw error;
    const known = serviceThatKnows(preset);
    const hint = known === undefined ? '' : `; it is one of the ${known} only`;
    throw new Error(`FAULTS: ${error.message}${hint}`, { cause: error });
  }
}

function serviceThatKnows(preset: string): string | undefined {
  if (Object.hasOwn(ACCOUNT_PRESETS, preset)) return 'account API';
  return Object.hasOwn(TICKET_SYSTEM_PRESETS, preset) ? 'ticket system' : undefined;
}
