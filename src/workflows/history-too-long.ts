/** The history has grown so long that the workflow must go on in a new run; nothing is in flight when this is thrown. */
export class HistoryTooLong extends Error {
  override readonly name = 'HistoryTooLong';
}
