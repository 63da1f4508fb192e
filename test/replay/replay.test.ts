import { readdirSync, readFileSync } from 'node:fs';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { TRANSFER_ID_PREFIX } from '../../src/contracts/ids.ts';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import { withSourceCondition, workflowBundle } from '../../src/worker/workflow-bundle.ts';
import { installRuntime } from '../../testbed/install-runtime.ts';
import { copySource } from '../../testbed/source-copy.ts';

const FOLDER = fileURLToPath(new URL('histories/', import.meta.url));

/** The recorded histories, and what each must contain to be worth replaying. */
const HISTORIES: Readonly<Record<string, RegExp>> = {
  calm: /workflowExecutionCompletedEventAttributes/,
  cancelled: /workflowExecutionCanceledEventAttributes/,
  'late-watch': /"workflowType":\{"name":"lateWatch"\}.*"activityType":\{"name":"voidTicket"\}/s,
  rejected: /"type":"CreateRejected".*workflowExecutionFailedEventAttributes/s,
  resumed: /childWorkflowExecutionStartedEventAttributes/,
  surplus: /"activityType":\{"name":"voidTicket"\}/,
  'transfer-calm': /"name":"withdraw".*"name":"deposit".*workflowExecutionCompletedEventAttributes/s,
  'transfer-cancelled': /workflowExecutionCancelRequestedEventAttributes.*workflowExecutionCompletedEventAttributes/s,
  'transfer-refunded':
    /"type":"OperationRefused".*"type":"OperationRefused".*workflowExecutionCompletedEventAttributes/s,
  'unknown-outcome': /"type":"CreateOutcomeUnknown".*timerFiredEventAttributes.*"name":"createTicket"/s,
};

let bundle: { readonly code: string };
/** The result of replaying each history, by name. One worker replays them all. */
let replayed: Promise<ReadonlyMap<string, Error | 'replayed'>>;
beforeAll(async () => {
  // The replay that fails on purpose logs nothing: the test checks its error.
  const logger = new DefaultLogger('ERROR', () => undefined);
  await installRuntime({ logger, shutdownSignals: [], telemetryOptions: { logging: { forward: {}, filter: 'OFF' } } });
  bundle = await workflowBundle();
  replayed = replayAll();
});

const textOf = (name: string) => readFileSync(`${FOLDER}${name}.json`, 'utf8');

const workflowIdOf = (name: string) => (name.startsWith(TRANSFER_ID_PREFIX) ? name : `order-${name}`);

/** Replays a history with the current workflow code. Workflows derive data from their id, so it must be the recorded one. */
function replay(name: string, text: string, workflowBundle = bundle): Promise<void> {
  return Worker.runReplayHistory({ workflowBundle }, historyFromJSON(JSON.parse(text)), workflowIdOf(name));
}

async function replayAll(): Promise<ReadonlyMap<string, Error | 'replayed'>> {
  const histories = Object.keys(HISTORIES).map((name) => ({
    workflowId: workflowIdOf(name),
    history: historyFromJSON(JSON.parse(textOf(name))),
  }));
  const results = new Map<string, Error | 'replayed'>();
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle: bundle }, histories)) {
    const name = Object.keys(HISTORIES).find((each) => workflowIdOf(each) === workflowId);
    results.set(name ?? workflowId, error ?? 'replayed');
  }
  return results;
}

describe('the current workflow code replays the recorded history', () => {
  test.each(Object.entries(HISTORIES))('%s', async (name, content) => {
    expect(textOf(name)).toMatch(content);
    expect((await replayed).get(name)).toBe('replayed');
  });
});

test('every recorded history is replayed', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(Object.keys(HISTORIES).map((name) => `${name}.json`));
});

test('a history that differs from what the current workflow code does is refused', async () => {
  const otherActivity = textOf('calm').replace(
    '"activityType":{"name":"createTicket"}',
    '"activityType":{"name":"makeTicket"}',
  );
  await expect(replay('calm', otherActivity)).rejects.toThrow(DeterminismViolationError);
});

describe('a workflow change while transfers run', () => {
  const STEP = 'const withdrawn = await withdraw(transfer);';
  const MORE = 'await transfer.steps.balances();';
  const changes = {
    'that displays another text replays the recorded history': `transfer.display.remark('about to withdraw'); ${STEP}`,
    'that calls one more activity fails to replay it': `${MORE} ${STEP}`,
    'that calls one more activity behind patched() replays the recorded history': `if (patched('check-before-withdrawing')) ${MORE} ${STEP}`,
  };
  let changed: Promise<{ readonly code: string }>;
  beforeAll(() => {
    changed = bundleOf(Object.values(changes));
  });

  test.each(Object.keys(changes))('%s', async (sentence) => {
    const index = Object.keys(changes).indexOf(sentence);
    const text = textOf('transfer-calm').replace('"transferMoney"', `"${changedName(index)}"`);
    const replayed = replay('transfer-calm', text, await changed);
    if (sentence.includes('fails')) await expect(replayed).rejects.toThrow(DeterminismViolationError);
    else await replayed;
  });

  /** The workflow type with one of the changes. All are in one bundle, because bundling takes seconds. */
  const changedName = (index: number) => `transferMoneyChanged${index}`;

  /** Bundles a copy of the source that also has one transferMoney for each change of its line. */
  async function bundleOf(changedLines: readonly string[]): Promise<{ code: string }> {
    const source = await copySource(PROJECT_FOLDER);
    const workflows = `${source.root}/src/workflows`;
    try {
      const original = await readFile(`${workflows}/transfer-money.ts`, 'utf8');
      for (const [index, line] of changedLines.entries()) {
        const file = `src/workflows/transfer-money-${index}.ts`;
        await writeFile(`${source.root}/${file}`, original.replaceAll('transferMoney', changedName(index)));
        await source.replaceLine(file, STEP, line);
        await source.replaceLine(file, 'isCancellation,', 'isCancellation, patched,');
        await appendFile(`${workflows}/index.ts`, `export * from './transfer-money-${index}.ts';\n`);
      }
      const logger = new DefaultLogger('ERROR', () => undefined);
      return await bundleWorkflowCode({
        workflowsPath: `${workflows}/index.ts`,
        webpackConfigHook: withSourceCondition,
        logger,
      });
    } finally {
      await source.remove();
    }
  }
});

test.each(Object.keys(HISTORIES))('the history %s contains no machine name and no path', (name) => {
  const text = textOf(name);
  const payloads = [...text.matchAll(/"data":"([^"]*)"/g)].map(([, data = '']) =>
    Buffer.from(data, 'base64').toString(),
  );
  expect([...text.matchAll(/"identity":"([^"]*)"/g)].map(([, identity]) => identity)).toContain('recorder');
  for (const each of [text, ...payloads]) {
    expect(each).not.toMatch(/"identity":"(?!recorder")/);
    expect(each).not.toMatch(/\d+@|\/(?:work|home|root|tmp|Users|src|node_modules)\//);
  }
});
