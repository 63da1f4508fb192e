/** What must hold, each with its sentence; I5, I6 and I8 are about files and money and are checked elsewhere. */
export const INVARIANTS = {
  I1: 'exactly one live ticket per completed order, none per closed one, at quiescence',
  I2: 'the ticket returned is stored, and live',
  I3: 'no two creates are sent with one Request-Id',
  I4: 'no create after a positive validation while that ticket is live',
  I7: 'an order ends within its bound once the services answer again',
  'two live': 'with a guarantee there are never two live items',
  'proven closing': 'closing without a ticket is proven',
  promise: 'no void takes the promised or the only ticket',
  keeper: 'the promised ticket stays, else the first one',
  cancellation: 'a cancellation voids only what came after absence was proven',
  fence: 'nothing is concluded before the fence',
  settling: 'no order waits for a fence without a unresolved, nor where a key lets it send again',
  answer: 'only a whole, fresh answer that lacks nothing seen is believed',
  outcome: 'an outcome is what the table says',
  send: 'no create leaves after its deadline',
  pause: 'no create before the pause that the service asked for is over',
  key: 'the key changes with a void and with nothing else',
  service: 'the service keeps its guarantee',
  watch: 'a late watch is there when needed, and finds its promised ticket',
  result: 'a result tells what was done',
  submission: 'one run at a time, one item for every submission',
} as const;

export type Invariant = keyof typeof INVARIANTS;

export interface Violation {
  readonly invariant: Invariant;
  /** What happened, for people. */
  readonly what: string;
}
