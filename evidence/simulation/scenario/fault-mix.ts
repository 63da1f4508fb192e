import type { Guarantee, Timings } from 'exactly-one';
import type { SeededRandom } from '../../../testbed/seeded-random.ts';

/** Which kinds of trouble a scenario has: drawn anew for each, so that each is also met without the others. */
export interface Troubles {
  readonly random: SeededRandom;
  readonly guarantee: Guarantee;
  readonly timings: Timings;
  /** Of all fates this share is troubled. */
  readonly share: number;
  readonly lies: boolean;
  readonly late: boolean;
  readonly delays: boolean;
  readonly stale: boolean;
  readonly headersLost: boolean;
  readonly duplicates: boolean;
}
