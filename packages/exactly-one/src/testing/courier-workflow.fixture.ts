import { continueAsNew } from '@temporalio/workflow';
import type { Guarantee, Timings } from '../protocol/index.ts';
import { type Carried, exactlyOne } from '../workflow/index.ts';

export { lateWatch } from '../workflow/index.ts';

export interface BookingInput {
  readonly guarantee: Guarantee;
  readonly timings: Timings;
  readonly resumed: boolean | undefined;
}

/** Books one courier. */
export async function bookCourier(input: BookingInput, carried?: Carried): Promise<{ readonly itemId: string }> {
  const { itemId } = await exactlyOne({
    resumed: input.resumed,
    carried,
    guarantee: input.guarantee,
    timings: input.timings,
    continueAsNew: (known) => continueAsNew<typeof bookCourier>(input, known),
  });
  return { itemId };
}
