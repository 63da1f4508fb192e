import { expect, test } from '@jest/globals';
import { onStopSignals } from './on-stop-signals.ts';

test('stops on the first signal and kills on the second, but ignores the copy that npm forwards', () => {
  const calls: string[] = [];
  let nowMs = 1_000;
  const restore = onStopSignals(
    (signal) => calls.push(`stop by ${signal}`),
    () => calls.push('kill'),
    () => nowMs,
  );
  try {
    process.emit('SIGINT', 'SIGINT');
    nowMs += 100;
    process.emit('SIGINT', 'SIGINT');
    expect(calls).toEqual(['stop by SIGINT']);

    nowMs += 1_000;
    process.emit('SIGTERM', 'SIGTERM');
    expect(calls).toEqual(['stop by SIGINT', 'kill']);
  } finally {
    restore();
  }
});
