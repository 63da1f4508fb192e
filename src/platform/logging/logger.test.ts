import { expect, it } from '@jest/globals';
import { ODD_REJECTIONS } from '../../contracts/odd-rejections.fixture.ts';
import { createLogger } from './logger.ts';

it.each(ODD_REJECTIONS)('logs %s as an error without an error of its own', (_what, thrown) => {
  const lines: string[] = [];
  const logger = createLogger('worker', 'info', { write: (line) => void lines.push(line) });
  logger.error({ err: thrown, code: 'INTERNAL_ERROR' }, 'the request failed');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ msg: 'the request failed', code: 'INTERNAL_ERROR' }]);
});

it('a line has what an error is, says, and was caused by', () => {
  const lines: string[] = [];
  const logger = createLogger('worker', 'info', { write: (line) => void lines.push(line) });
  const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:3999'), { code: 'ECONNREFUSED' });
  const error = new TypeError('no token', { cause: new Error('no response', { cause }) });
  logger.error({ err: error, error }, 'failed');
  const expected = {
    type: 'TypeError',
    message: 'no token: no response: connect ECONNREFUSED 127.0.0.1:3999',
    stack: expect.stringMatching(/^TypeError: no token\n {4}at .*logger\.test\.ts/),
    cause: {
      type: 'Error',
      message: 'no response',
      stack: expect.any(String),
      cause: { type: 'Error', message: cause.message, code: 'ECONNREFUSED', stack: expect.any(String) },
    },
  };
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ err: expected, error: expected }]);
});
