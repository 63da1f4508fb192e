import { expect, test } from '@jest/globals';
import { isRefused } from './is-refused.ts';

test('a refusal counts although this process was too busy to notice it in time', async () => {
  const refused = isRefused({ host: '127.0.0.1', port: 9 });
  const startedAt = performance.now();
  while (performance.now() - startedAt < 1_000);
  expect(await refused).toBe(true);
});
