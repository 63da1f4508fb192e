import { expect, it } from '@jest/globals';
import { ODD_REJECTIONS } from '../../contracts/odd-rejections.fixture.ts';
import { createLogger } from './logger.ts';

it.each(ODD_REJECTIONS)('logs %s as an error without an error of its own', (_what, thrown) => {
  const lines: string[] = [];
  const logger = createLogger('worker', 'info', { write: (line) => void lines.push(line) });
  logger.error({ err: thrown, code: 'INTERNAL_ERROR' }, 'the request failed');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ msg: 'the request failed', code: 'INTERNAL_ERROR' }]);
});
