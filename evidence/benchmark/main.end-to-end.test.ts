import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { MINIMAL_ENVIRONMENT } from '../../src/platform/processes/minimal-environment.ts';
import { startProgram } from '../../src/platform/processes/start-program.ts';
import type { Measurement } from './throughput.ts';

/** The output and the exit code of `npm run bench -- <args>`. */
async function bench(...args: readonly string[]) {
  const child = await startProgram({
    name: 'the benchmark',
    program: 'evidence/benchmark/main.ts',
    args,
    env: MINIMAL_ENVIRONMENT,
  });
  const { code } = await child.exited;
  const lines = child.output.tail();
  const json = lines.find((line) => line.startsWith('{')) ?? 'null';
  return { code, output: lines.join('\n'), json: () => JSON.parse(json) };
}

describe('the benchmark', () => {
  test('measures orders and another worker on the same server', async () => {
    const fixture = fileURLToPath(new URL('other-worker.fixture.ts', import.meta.url));
    const { code, output, json } = await bench(
      ...['--workloads', 'orders', '--at', '2', '--rounds', '1', '--runs', '2', '--json', '--other-name', 'echo'],
      ...['--other-command', `exec ${process.execPath} scripts/run.mjs ${fixture} {address} echoes`],
      ...['--other-queue', 'echoes', '--other-type', 'echo', '--other-input', '{"of":"{id}"}'],
    );
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    const { measurements, ratios } = json() as { measurements: readonly Measurement[]; ratios: readonly object[] };
    expect(measurements).toMatchObject([
      { contender: 'orders', at: 2, runs: 2, failed: 0 },
      // Started, one workflow task, completed.
      { contender: 'echo', at: 2, runs: 2, failed: 0, events: 5, actions: 1 },
    ]);
    const [orders, echo] = measurements;
    expect(orders?.perSecond).toBeGreaterThan(0);
    expect(orders?.actions).toBeGreaterThan(1);
    // It has no services.
    expect(echo).not.toHaveProperty('servicesMs');
    if (process.platform === 'linux') {
      expect(orders?.workerMs).toBeGreaterThan(0);
      expect(orders?.servicesMs).toBeGreaterThan(0);
      expect(echo?.serverMs).toBeGreaterThan(0);
    }
    expect(ratios).toContainEqual(expect.objectContaining({ contender: 'orders', to: 'echo', quantity: 'perSecond' }));
  }, 120_000);

  test('says what is missing if another worker is not described completely', async () => {
    const { code, output } = await bench('--other-command', './worker', '--other-type', 'CreateTicket');
    expect(output).toContain('--other-command needs --other-queue');
    expect(code).toBe(1);
  });
});
