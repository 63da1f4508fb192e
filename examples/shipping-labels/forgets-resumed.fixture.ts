import type { Carried } from 'exactly-one/workflow';
import { type LabelledParcel, labelParcel, type ParcelInput } from './workflow.ts';

export * from './workflow.ts';

/** A wrong workflow: it forgets that it follows a run without a result, whose create may still be in flight. */
export function labelParcelAnew(input: ParcelInput, carried?: Carried): Promise<LabelledParcel> {
  return labelParcel({ ...input, resumed: false }, carried);
}
