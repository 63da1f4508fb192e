/**
 * Settings of the embedded development server that differ from its defaults. The effects were measured on CLI 1.9.1.
 * Other servers keep their own settings.
 *
 * - `transferProcessorMaxPollRPS`: each task waits for a poll of the transfer queue. By default there are 20 polls a second.
 * - `timerProcessorMaxTimeShift`: the server reads timers that far ahead, and a new timer fires only after those it has
 *   read, up to 1 s late by default. With 10 ms and frequent polls, a timer of 100 ms fires after about 125 ms instead of
 *   1010 ms.
 * - `numTaskqueue...Partitions`: by default a task queue has four partitions, which forward tasks and polls to each other.
 *   With one, a transfer takes 10 to 20 percent less processor time of the server.
 * - `enableServerVersionCheck`: the check for a newer version would contact the vendor.
 */
export const DYNAMIC_CONFIG: Readonly<Record<string, string | number | boolean>> = {
  'history.transferProcessorMaxPollRPS': 5000,
  'history.timerProcessorMaxPollRPS': 5000,
  'history.timerProcessorMaxTimeShift': '10ms',
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  'frontend.enableServerVersionCheck': false,
};

/** Disables the same check before the server has read its dynamic configuration. */
export const DEV_SERVER_ENV = { TEMPORAL_VERSION_CHECK_DISABLED: '1' } as const;

/**
 * By default SQLite creates, syncs and deletes a journal file for each of the server's many small writes; with a
 * write-ahead log it appends instead. Committed data survives a SIGKILL either way.
 * https://www.sqlite.org/wal.html
 */
export const SQLITE_PRAGMAS = { journal_mode: 'wal' } as const;
