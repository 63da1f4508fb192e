import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startService } from '../../../testbed/processes.ts';
import { freePort } from '../../platform/processes/free-port.ts';
import { MINIMAL_ENVIRONMENT } from '../../platform/processes/minimal-environment.ts';
import type { Child } from '../../platform/processes/start-child.ts';
import { startProgram } from '../../platform/processes/start-program.ts';

let databaseDir: string;
let system: Child;
let url: string;
beforeAll(async () => {
  databaseDir = await mkdtemp(join(tmpdir(), 'faults-'));
  const env = { ...MINIMAL_ENVIRONMENT, DATABASE_DIR: databaseDir, LOG_LEVEL: 'warn' };
  ({ child: system, url } = await startService({ service: 'ticket system', env }));
});
afterAll(async () => {
  await system.stop(10_000);
  await rm(databaseDir, { recursive: true });
});

/** `npm run faults -- <args>` */
async function faults(...args: readonly string[]) {
  const env = { ...MINIMAL_ENVIRONMENT, TICKET_SYSTEM_URL: url, ACCOUNT_API_PORT: String(await freePort()) };
  const child = await startProgram({ name: 'faults', program: 'src/services/faults/main.ts', args, env });
  const { code } = await child.exited;
  return { code, text: child.output.tail().join('\n') };
}

const planOfService = async () => (await fetch(`${url}/faults`)).json();

test('faults shows the plan of a running service, sets a preset or rules with a seed, and says what was before', async () => {
  expect(await faults('ticket-system')).toEqual({
    code: 0,
    text: `ticket system at ${url}: calm, seed 1: no faults`,
  });
  expect(await faults('ticket-system', 'slow-create', '--seed', '7')).toEqual({
    code: 0,
    text: `ticket system at ${url}: slow-create, seed 7 (it was calm)\n  create.after-commit  100 % delay of 4.5 s`,
  });
  expect(await planOfService()).toMatchObject({ seed: 7, preset: 'slow-create' });

  const rules = await faults('ticket-system', 'create.before-commit:error-500:50%', 'vault:timeout:0.25:2s', '--json');
  const plan = {
    seed: 1,
    rules: [
      { point: 'create.before-commit', kind: 'error-500', probability: 0.5 },
      { point: 'vault', kind: 'timeout', probability: 0.25, delayMs: 2_000 },
    ],
  };
  expect([rules.code, JSON.parse(rules.text)]).toEqual([0, { service: 'ticket-system', ...plan }]);
  expect(await planOfService()).toEqual(plan);

  const hostile = await faults('ticket-system', 'hostile');
  expect(hostile.text).toContain('(it was own rules)');
  expect(hostile.text.split('\n').filter((line) => line.length > 80 && !line.includes('http'))).toEqual([]);
});

test('faults refuses what is wrong with what is allowed, and changes nothing', async () => {
  const before = await planOfService();
  const wrong: [readonly string[], string][] = [
    [['ticket-sytem'], '(Did you mean ticket-system?)'],
    [['ticket-system', 'hostil'], '(Did you mean hostile?)'],
    [['ticket-system', 'hostil'], "'hostil' is not a preset of the ticket system: choose one of calm, rare,"],
    [['ticket-system', 'workshop'], 'The account API has it.'],
    [['ticket-system', 'token:error-500'], 'nothing is not a probability'],
    [['ticket-system', 'calm', 'rare'], 'choose one preset'],
    [['ticket-system', '--seed', '7'], '--seed belongs to a preset or to rules'],
  ];
  const ends = await Promise.all(wrong.map(([args]) => faults(...args)));
  expect(ends.map(({ code }) => code)).toEqual(wrong.map(() => 2));
  for (const [index, { text }] of ends.entries()) expect(text).toContain(wrong[index]?.[1]);
  expect(await planOfService()).toEqual(before);
});

test('faults says where nothing listens and what starts it', async () => {
  const { code, text } = await faults('account-api', 'calm');
  expect(text).toMatch(
    /^no account API responds at http:\/\/127\.0\.0\.1:\d+ \(connect ECONNREFUSED [\d.:]+\): start it/,
  );
  expect(text).toMatch(/npm run account-api, or set ACCOUNT_API_URL$/);
  expect(code).toBe(1);

  // The other one is shown all the same.
  const both = await faults('--json');
  const lines = both.text.split('\n');
  expect(lines).toContainEqual(expect.stringMatching(/^\{"service":"ticket-system",/));
  expect(lines).toContainEqual(expect.stringMatching(/^no account API responds/));
  expect(both.code).toBe(1);
});
