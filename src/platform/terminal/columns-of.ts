/** The width of a text for people where no terminal tells its own. */
export const USUAL_COLUMNS = 80;

/** What is known of a stream that may be a terminal. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** The width of what is printed on a stream. A terminal whose size is unknown has 0 columns. */
export function columnsOf({ isTTY, columns }: Terminal): number {
  return (isTTY && columns) || USUAL_COLUMNS;
}

/** The width at which lines are wrapped or cut: that of a terminal. In a pipe they stay whole. */
export function maxColumns(stream: Terminal): number {
  return stream.isTTY ? columnsOf(stream) : Number.POSITIVE_INFINITY;
}
