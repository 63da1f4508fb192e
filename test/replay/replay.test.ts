import { readdirSync, readFileSync } from 'node:fs';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { TRANSFER_ID_PREFIX } from '../../src/contracts/ids.ts';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import { withSourceCondition, workflowBundle } from '../../src/worker/workflow-bundle.ts';
import { copySource } from '../../testbed/source-copy.ts';

const FOLDER = fileURLToPath(new URL('histories/', import.meta.url));

/** Each recorded way of an order or a transfer, and what must be in its history so that it is replayed for something. */
const WAYS: Readonly<Record<string, RegExp>> = {
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
/** How each recorded history was replayed, by its name; one worker replays them all. */
let replayed: Promise<ReadonlyMap<string, Error | 'goes its way'>>;
beforeAll(async () => {
  // Nothing is said of the history that is refused: its error says it.
  const logger = new DefaultLogger('ERROR', () => undefined);
  Runtime.install({ logger, shutdownSignals: [], telemetryOptions: { logging: { forward: {}, filter: 'OFF' } } });
  bundle = await workflowBundle();
  replayed = replayAll();
});

const textOf = (name: string) => readFileSync(`${FOLDER}${name}.json`, 'utf8');

const workflowIdOf = (name: string) => (name.startsWith(TRANSFER_ID_PREFIX) ? name : `order-${name}`);

/** Runs a workflow, that of today, over a history; its id is in what it has done. */
function replay(name: string, text: string, workflowBundle = bundle): Promise<void> {
  return Worker.runReplayHistory({ workflowBundle }, historyFromJSON(JSON.parse(text)), workflowIdOf(name));
}

async function replayAll(): Promise<ReadonlyMap<string, Error | 'goes its way'>> {
  const histories = Object.keys(WAYS).map((name) => ({
    workflowId: workflowIdOf(name),
    history: historyFromJSON(JSON.parse(textOf(name))),
  }));
  const endings = new Map<string, Error | 'goes its way'>();
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle: bundle }, histories)) {
    const name = Object.keys(WAYS).find((each) => workflowIdOf(each) === workflowId);
    endings.set(name ?? workflowId, error ?? 'goes its way');
  }
  return endings;
}

describe('the workflow of today goes the recorded way', () => {
  test.each(Object.entries(WAYS))('%s', async (name, way) => {
    expect(textOf(name)).toMatch(way);
    expect((await replayed).get(name)).toBe('goes its way');
  });
});

test('every recorded history is replayed', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(Object.keys(WAYS).map((name) => `${name}.json`));
});

test('a history that the workflow of today would not have made is refused', async () => {
  const otherActivity = textOf('calm').replace(
    '"activityType":{"name":"createTicket"}',
    '"activityType":{"name":"makeTicket"}',
  );
  await expect(replay('calm', otherActivity)).rejects.toThrow(DeterminismViolationError);
});

describe('a change of a workflow under running transfers', () => {
  const STEP = 'const withdrawn = await withdraw(transfer);';
  const MORE = 'await transfer.steps.balances();';
  const changes = {
    'that shows another text goes the recorded way': `transfer.display.remark('about to withdraw'); ${STEP}`,
    'that asks for one more activity goes another way': `${MORE} ${STEP}`,
    'that asks for one more activity behind patched() goes the recorded way': `if (patched('look-before-withdrawing')) ${MORE} ${STEP}`,
  };
  let changed: Promise<{ readonly code: string }>;
  beforeAll(() => {
    changed = bundleOf(Object.values(changes));
  });

  test.each(Object.keys(changes))('%s', async (sentence) => {
    const index = Object.keys(changes).indexOf(sentence);
    const text = textOf('transfer-calm').replace('"transferMoney"', `"${changedName(index)}"`);
    const replayed = replay('transfer-calm', text, await changed);
    if (sentence.includes('another way')) await expect(replayed).rejects.toThrow(DeterminismViolationError);
    else await replayed;
  });

  /** The name of transferMoney with the change of this number; bundled together, for bundling takes its time. */
  const changedName = (index: number) => `transferMoneyChanged${index}`;

  /** The workflows of today, and transferMoney once for each change of its line, in a copy of the source. */
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

test.each(Object.keys(WAYS))('the history %s names no machine and no path', (name) => {
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
