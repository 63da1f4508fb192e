/**
 * How the embedded development server differs from its defaults, measured on CLI 1.9.1. A server of the user's own has
 * its own settings.
 *
 * - Each hand-over of a task waits for a poll of the transfer queue, of which there are 20 a second by default.
 * - A timer fires up to `timerProcessorMaxTimeShift` (1 s) late: the server reads that far ahead and puts every new timer
 *   behind what it has read. With 10 ms a workflow's timer of 100 ms fires after about 125 ms instead of 1010 ms, as long
 *   as its queue may be polled often enough.
 * - A task queue has four partitions by default, and tasks and polls are handed on between them until they meet: with one
 *   a transfer takes a tenth to a fifth less of the server's processor time.
 * - The check for a newer version would call home.
 */
export const DYNAMIC_CONFIG: Readonly<Record<string, string | number | boolean>> = {
  'history.transferProcessorMaxPollRPS': 5000,
  'history.timerProcessorMaxPollRPS': 5000,
  'history.timerProcessorMaxTimeShift': '10ms',
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  'frontend.enableServerVersionCheck': false,
};

/** The server asks this variable as well, before it has read its dynamic configuration. */
export const DEV_SERVER_ENV = { TEMPORAL_VERSION_CHECK_DISABLED: '1' } as const;

/**
 * Of the database file. By default SQLite makes, syncs and removes a journal file for each of the server's many small
 * writes; with a write-ahead log it appends. What was committed survives a SIGKILL either way.
 * https://www.sqlite.org/wal.html
 */
export const SQLITE_PRAGMAS = { journal_mode: 'wal' } as const;
