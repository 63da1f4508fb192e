import { expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { ODD_REJECTIONS } from '../contracts/odd-rejections.fixture.ts';
import { createLogger } from '../platform/logging/logger.ts';
import { sdkLogger } from './runtime.ts';

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
