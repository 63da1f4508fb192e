import { describe, expect, test } from '@jest/globals';
import { memoryOf, processorMsOf, processorMsOfMachine, readStat } from './processor-time.ts';

describe('processor time', () => {
  test('is that of the process and of its children that have ended, in milliseconds', () => {
    const line = '42 (node) S 7 42 42 0 -1 4194304 900 0 0 0 250 50 3 2 20 0 11 0 100 0 0';
    expect(readStat(line)).toEqual({ parent: 7, ms: 3_050 });
  });

  test('is read also if the program has spaces and parentheses in its name', () => {
    expect(readStat('42 (a) S 1 (b) R 7 42 42 0 -1 4194304 900 0 0 0 1 0 0 0 20 0')).toEqual({ parent: 7, ms: 10 });
  });

  const onLinux = process.platform === 'linux' ? test : test.skip;

  onLinux('grows while this process works, and no faster than that of the whole machine', () => {
    const before = { own: processorMsOf(process.pid) ?? 0, all: processorMsOfMachine() ?? 0 };
    const used = process.cpuUsage();
    while (process.cpuUsage(used).user < 200_000);
    const own = (processorMsOf(process.pid) ?? 0) - before.own;
    expect(own).toBeGreaterThanOrEqual(180);
    expect((processorMsOfMachine() ?? 0) - before.all).toBeGreaterThanOrEqual(own - 40);
  });

  test('is unknown of a process that does not exist, and so is its memory', () => {
    expect(processorMsOf(2 ** 22 + 1)).toBeUndefined();
    expect(memoryOf(2 ** 22 + 1)).toBeUndefined();
  });

  onLinux('memory is what a process holds now, in bytes', () => {
    const rss = process.memoryUsage().rss;
    expect(memoryOf(process.pid)).toBeGreaterThan(rss / 2);
    expect(memoryOf(process.pid)).toBeLessThan(rss * 2);
  });
});
