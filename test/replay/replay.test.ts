import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { workflowBundle } from '../../src/worker/workflow-bundle.ts';

const FOLDER = fileURLToPath(new URL('histories/', import.meta.url));

/** Each recorded way of an order, and what must be in its history so that it is replayed for something. */
const WAYS: Readonly<Record<string, RegExp>> = {
  calm: /workflowExecutionCompletedEventAttributes/,
  cancelled: /workflowExecutionCanceledEventAttributes/,
  'late-watch': /"workflowType":\{"name":"lateWatch"\}.*"activityType":\{"name":"voidTicket"\}/s,
  rejected: /"type":"CreateRejected".*workflowExecutionFailedEventAttributes/s,
  resumed: /childWorkflowExecutionStartedEventAttributes/,
  surplus: /"activityType":\{"name":"voidTicket"\}/,
  'unknown-outcome': /"type":"CreateOutcomeUnknown".*timerFiredEventAttributes.*"name":"createTicket"/s,
};

let bundle: { readonly code: string };
beforeAll(async () => {
  // Nothing is said of the history that is refused: its error says it.
  const logger = new DefaultLogger('ERROR', () => undefined);
  Runtime.install({ logger, shutdownSignals: [], telemetryOptions: { logging: { forward: {}, filter: 'OFF' } } });
  bundle = await workflowBundle();
});

const textOf = (name: string) => readFileSync(`${FOLDER}${name}.json`, 'utf8');

/** Runs the workflow of today over a history; the id of an order is in what it has done. */
function replay(name: string, text: string): Promise<void> {
  return Worker.runReplayHistory({ workflowBundle: bundle }, historyFromJSON(JSON.parse(text)), `order-${name}`);
}

describe('the workflow of today goes the recorded way', () => {
  test.each(Object.entries(WAYS))('%s', async (name, way) => {
    const text = textOf(name);
    expect(text).toMatch(way);
    await replay(name, text);
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
