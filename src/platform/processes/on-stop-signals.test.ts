import { expect, test } from '@jest/globals';
import { onStopSignals } from './on-stop-signals.ts';

test('stops at the first signal and kills at a second one, but not at its echo through npm', () => {
  const heard: string[] = [];
  let nowMs = 1_000;
  const giveBack = onStopSignals(
    (signal) => heard.push(`stop by ${signal}`),
    () => heard.push('kill'),
    () => nowMs,
  );
  try {
    process.emit('SIGINT', 'SIGINT');
    nowMs += 100;
    process.emit('SIGINT', 'SIGINT');
    expect(heard).toEqual(['stop by SIGINT']);

    nowMs += 1_000;
    process.emit('SIGTERM', 'SIGTERM');
    expect(heard).toEqual(['stop by SIGINT', 'kill']);
  } finally {
    giveBack();
  }
});
