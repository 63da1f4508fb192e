import { expect, test } from '@jest/globals';
import { exportLines } from './export-lines.ts';

test('a variable is exported as a shell reads it, quoted where that is needed', () => {
  const environment = {
    TEMPORAL_ADDRESS: '127.0.0.1:7233',
    LATE_WATCH_MS: '1500,3000',
    DATABASE_DIR: "/tmp/Ann's data",
  };
  expect(exportLines(environment)).toEqual([
    'export TEMPORAL_ADDRESS=127.0.0.1:7233',
    'export LATE_WATCH_MS=1500,3000',
    "export DATABASE_DIR='/tmp/Ann'\\''s data'",
  ]);
});
