import { describe, expect, it } from '@jest/globals';
import { maskedBeginning, maskSecrets, quoted } from './secrets.ts';

describe('the beginning of a text', () => {
  it('is masked before it is cut, so that no part of a secret remains', () => {
    expect(maskedBeginning('card VISA-1234-5678-9012-2526', 16)).toBe('card VISA-****-*…');
    expect(maskedBeginning('at http://me:password@host/', 16)).toBe('at http://***@ho…');
  });

  it.each([
    ['digits and spaces', '1 '.repeat(1_000_000)],
    ['digits', '1'.repeat(1_500_000)],
    ['colons', 'a:'.repeat(1_000_000)],
  ])('is found at once, however long the text of %s is', (_, text) => {
    const before = process.cpuUsage();
    maskedBeginning(text, 1_000);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(1_000);
  });
});

it('a quoted value is masked', () => {
  expect(quoted('VISA-1234-5678-9012-2526')).toBe('"VISA-****-****-****-2526"');
});

describe('a secret in a text', () => {
  it.each([
    ['in an address', 'POST http://me:pass@host:1/x failed', 'POST http://***@host:1/x failed'],
    ['with an @ in it', 'http://me:p@ss@host/', 'http://***@host/'],
    ['that is a user alone', 'https://token@host/', 'https://***@host/'],
    ['in an address without a scheme', 'proxy=me:pass@host:3128', 'proxy=***@host:3128'],
    ['in JSON', '{"url":"http://me:pass@host"}', '{"url":"http://***@host"}'],
    ['of a header', 'Authorization: Bearer abcdefgh.1234', 'Authorization: Bearer ***'],
    ['of a header in JSON', '"authorization":"Basic bWU6cGFzcw=="', '"authorization":"Basic ***"'],
    ['of a setting', 'TEMPORAL_API_KEY=abc is wrong', 'TEMPORAL_API_KEY=*** is wrong'],
    ['of a parameter', '/x?token=abc&y=1', '/x?token=***&y=1'],
    ['of a property', '{"password":"abc","user":"me"}', '{"password":"***","user":"me"}'],
    ['of a property in JSON in JSON', '{"body":"{\\"token\\":\\"abc\\"}"}', '{"body":"{\\"token\\":\\"***\\"}"}'],
    ['that is a JSON web token', 'got eyJhbGciOi.eyJzdWIi.c2ln here', 'got *** here'],
    ['that is a card number', 'card 1234 5678 9012 2526', 'card **** **** **** 2526'],
  ])('is masked: %s', (_, text, masked) => {
    expect(maskSecrets(text)).toBe(masked);
    expect(maskSecrets(masked)).toBe(masked);
  });

  it('that our ticket system issued is masked', () => {
    const token = `1769860800000.${'a'.repeat(21)}.${'b'.repeat(43)}`;
    expect(maskSecrets(`token ${token}`)).toBe('token ***');
  });

  it.each([
    'http://127.0.0.1:3001/orders/order-1',
    'a token is required: send Authorization: Bearer <token>, with a token from POST /tokens',
    'Bearer error="invalid_token"',
    'TOKEN_TTL_MS=60000: expected a whole number',
    '{"tokenRefused":false}',
    'a@b.example',
    '2026-01-31T12:00:00.000Z',
  ])('is not seen where there is none: %s', (text) => {
    expect(maskSecrets(text)).toBe(text);
  });
});
