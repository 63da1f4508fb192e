import { expect, it } from '@jest/globals';
import { createOutputMask } from './mask-output.ts';

const KEY = 'first-half-of-the-key\nsecond-half-of-the-key';
const mask = createOutputMask({
  TEMPORAL_API_KEY: KEY,
  TEMPORAL_TLS_CLIENT_KEY_DATA: '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n-----END PRIVATE KEY-----',
  OPERATOR_TOKEN: 'canary-of-the-operator',
  DB_PASSWORD: 'short',
  TASK_QUEUE: 'temporal-ticketing',
});

it.each([
  ['as it is', `illegal value "Bearer ${KEY}"`],
  ['with its line break escaped', JSON.stringify({ error: KEY })],
  ['a part of it', 'header second-half-of-the-key refused'],
])('a secret of the environment is masked: %s', (_, text) => {
  expect(mask(text)).not.toMatch(/half-of-the-key/);
});

it('so are a private key, a token and what looks like a secret anyway', () => {
  const masked = mask('MIGHAgEAMBMGByqGSM49 canary-of-the-operator http://me:pass@host 4242 4242 4242 4242');
  expect(masked).toBe('*** *** http://***@host **** **** **** 4242');
});

it('other values, and those that may be part of a word, are left alone', () => {
  expect(mask('temporal-ticketing is short')).toBe('temporal-ticketing is short');
});
