/** What must hold in every scenario. I5, I6 and I8 concern files and money and are checked elsewhere. */
export const INVARIANTS = {
  I1: 'exactly one live ticket per completed order and none per closed order, at quiescence',
  I2: 'the ticket returned is stored and live',
  I3: 'no two creates are sent with the same Request-Id',
  I4: 'no create after a positive validation while that ticket is live',
  I7: 'an order ends within its bound once the services respond again',
  'two live': 'with a guarantee there are never two live tickets',
  'proven closing': 'an order closes without a ticket only when absence is proven',
  promise: 'no void takes the promised ticket or the only one',
  keeper: 'the promised ticket stays, otherwise the first one',
  cancellation: 'a cancellation voids only tickets that appeared after absence was proven',
  fence: 'nothing is concluded before the fence',
  settling: 'no order waits for a fence without an unresolved create, or where its key lets it create again',
  response: 'only a complete response is believed',
  outcome: 'the outcome of a create is the one in the outcome table',
  deadline: 'no create is sent after its deadline',
  pause: 'no create before the pause that the service asked for has passed',
  key: 'the idempotency key changes with each void and at no other time',
  service: 'the service keeps its guarantee',
  watch: 'a late watch is started when it is needed, and finds its promised ticket',
  result: 'the result reports what was done',
  resolution:
    'a person resolves an order only past its fence, with nothing running; then it sends nothing more, and ends as he said',
  submission: 'one run at a time, and one ticket for every submission',
} as const;

export type Invariant = keyof typeof INVARIANTS;

export interface Violation {
  readonly invariant: Invariant;
  /** The invariant and what happened, for people. */
  readonly what: string;
}
