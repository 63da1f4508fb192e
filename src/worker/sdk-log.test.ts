import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { ODD_REJECTIONS } from '../contracts/odd-rejections.fixture.ts';
import { createLogger } from '../platform/logging/logger.ts';
import { sdkLogger } from './sdk-log.ts';

it('logs an error with its type and the messages of all its causes', () => {
  const lines: string[] = [];
  const logger = sdkLogger(createLogger('worker', 'info', { write: (line) => void lines.push(line) }));
  const cause = new Error('connect ECONNREFUSED');
  const error = ApplicationFailure.create({ message: 'no response', type: 'ServiceUnavailable', cause });
  logger.warn('Activity failed', { error });
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { msg: 'Activity failed', error: { message: 'no response: connect ECONNREFUSED', type: 'ServiceUnavailable' } },
  ]);
});

it.each(ODD_REJECTIONS)('logs %s without an error of its own', (_what, thrown) => {
  const lines: string[] = [];
  sdkLogger(createLogger('worker', 'info', { write: (line) => void lines.push(line) })).warn('it failed', {
    error: thrown,
  });
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ msg: 'it failed' }]);
});

describe('what people need not read is only for debugging:', () => {
  /** Logs entries of one part of the SDK, each after a second, and returns the lines above debug. */
  function logged(sdkComponent: string, entries: readonly (readonly [message: string, meta: object])[]) {
    const lines: string[] = [];
    let nowMs = 0;
    const logger = sdkLogger(createLogger('worker', 'info', { write: (line) => void lines.push(line) }), () => nowMs);
    for (const [message, meta] of entries) {
      logger.warn(message, { sdkComponent, ...meta });
      nowMs += 1_000;
    }
    return lines.map((line) => JSON.parse(line));
  }
  const RUN = { workflowId: 'order-1', runId: 'run-1' };

  it('that a run is read again, after it was evicted from the cache of the worker that resumed or started it', () => {
    const resumed = ['resumes after createTicket (outcome unknown)', RUN] as const;
    expect(logged('workflow', [resumed, resumed])).toMatchObject([{ msg: resumed[0], workflowId: 'order-1' }]);
    const lines: string[] = [];
    const logger = sdkLogger(createLogger('worker', 'info', { write: (line) => void lines.push(line) }));
    logger.debug('Workflow started', { sdkComponent: 'worker', ...RUN });
    logger.info(resumed[0], { sdkComponent: 'workflow', ...RUN });
    expect(lines).toEqual([]);
  });

  it('a failed workflow task that is repeated at once', () => {
    const failed = ['workflow task failed', { ...RUN, error: new TypeError('x is undefined') }] as const;
    const lines = logged('workflow', [['resumes', RUN], failed, failed, ['ignored a signal', {}], failed]);
    expect(lines.map(({ msg }) => msg)).toEqual([
      ...['resumes', 'workflow task failed', 'ignored a signal', 'workflow task failed'],
    ]);
    expect(lines[1]).toMatchObject({ level: 50, note: 'the workflow waits and has not failed' });
  });

  it('what the SDK says about a failure that our interceptors log', () => {
    expect(
      logged('worker', [
        ['Activity failed', {}],
        ['Workflow failed', {}],
        ['a warning', {}],
      ]),
    ).toMatchObject([{ msg: 'a warning' }]);
  });

  it('each call that finds no server: one line in ten seconds says so', () => {
    const error =
      'Status { code: Unavailable, message: "tcp connect error", source: Some(ConnectError("tcp connect error", ' +
      'Os { code: 111, kind: ConnectionRefused, message: "Connection refused" })) }';
    const call = ['gRPC call poll_workflow_task_queue retried 6 times', { error }] as const;
    const expected =
      'the Temporal server does not respond (tcp connect error, Connection refused); the worker keeps trying';
    expect(
      logged(
        'core',
        Array.from({ length: 11 }, () => call),
      ).map(({ msg }) => msg),
    ).toEqual([expected, expected]);
  });
});

it('a failed workflow task that only the native part reports names the workflow, the message and the stack', () => {
  const lines: string[] = [];
  const logger = sdkLogger(createLogger('worker', 'info', { write: (line) => void lines.push(line) }));
  const failure =
    'Failure { failure: Some(Failure { message: "Cannot read \\"a\\" of undefined (reading \'boom\')", source: ' +
    '"TypeScriptSDK", stack_trace: "TypeError: x\\n    at boom (/app/src/workflows/process-order.ts:63:65)" }) }';
  logger.debug('Workflow started', { sdkComponent: 'worker', workflowId: 'order-1', runId: 'run-1' });
  logger.warn('Failing workflow task', { sdkComponent: 'core', runId: 'run-1', failure });
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    {
      ...{ level: 50, msg: 'workflow task failed', workflowId: 'order-1' },
      error: {
        message: 'Cannot read "a" of undefined (reading \'boom\')',
        stack: 'TypeError: x\n    at boom (/app/src/workflows/process-order.ts:63:65)',
      },
    },
  ]);
});
