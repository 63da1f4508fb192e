import { expect, it } from '@jest/globals';
import { ODD_REJECTIONS } from '../../contracts/odd-rejections.fixture.ts';
import { problemOf } from './error-handling.ts';

it.each(ODD_REJECTIONS)('responds 500 and reveals nothing when a handler throws %s', (_what, thrown) => {
  expect(problemOf(thrown)).toMatchObject({ status: 500, code: 'INTERNAL_ERROR' });
});
