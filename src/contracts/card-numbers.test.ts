import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CARD_NUMBER_PATTERN, containsCardNumber, hasCardNumber, maskCardNumbers } from './card-numbers.ts';

describe('a full card number', () => {
  it('is VISA and four groups of four digits', () => {
    const pattern = new RegExp(CARD_NUMBER_PATTERN);
    expect('VISA-1234-5678-9012-2526').toMatch(pattern);
    for (const text of [
      'VISA-****-****-****-2526',
      'VISA-1234-5678-9012',
      'VISA 1234 5678 9012 2526',
      '1234567890122526',
    ]) {
      expect(text).not.toMatch(pattern);
    }
  });

  it.each(['VISA-1234-5678-9012-2526', 'visa 1234 5678 9012 2526', '{"card":"VISA1234567890122526"}'])(
    'is found in %s',
    (text) => {
      expect(containsCardNumber(text)).toBe(true);
      expect(containsCardNumber(maskCardNumbers(text))).toBe(false);
    },
  );

  it('is recognised in an id, but not in a UUID', () => {
    for (const id of ['R-1234-5678-9012-2526', '1234567890122526']) expect(hasCardNumber(id)).toBe(true);
    for (const id of ['0193d4b2-1234-4567-8901-2345abcdef01', '108345-ASDFQWERTY']) {
      expect(hasCardNumber(id)).toBe(false);
    }
  });
});

describe('a card number in a text', () => {
  it.each([
    ['with dashes', 'VISA-1234-5678-9012-2526', 'VISA-****-****-****-2526'],
    ['with spaces', 'VISA 1234 5678 9012 2526', 'VISA **** **** **** 2526'],
    ['without separators', '1234567890122526', '************2526'],
    ['in JSON', '{"paymentInfo":"VISA-1234-5678-9012-2526"}', '{"paymentInfo":"VISA-****-****-****-2526"}'],
    ['right after a period', 'failed.1234-5678-9012-2526', 'failed.****-****-****-2526'],
    ['at the end of a sentence', 'card 1234-5678-9012-2526.', 'card ****-****-****-2526.'],
    ['with dots', '1234.5678.9012.2526', '****.****.****.2526'],
    ['with underscores', 'card_1234_5678_9012_2526', 'card_****_****_****_2526'],
    ['with different separators', '1234-5678 9012.2526', '****-**** ****.2526'],
    ['with wide separators', '1234 - 5678 - 9012 - 2526', '**** - **** - **** - 2526'],
    ['with dashes of a typesetter', '1234\u20135678\u20139012\u20132526', '****\u2013****\u2013****\u20132526'],
    ['with spaces that do not break', '1234\u00a05678\u00a09012\u00a02526', '****\u00a0****\u00a0****\u00a02526'],
    ['in an address', '/x?card=1234%205678+9012%2D2526', '/x?card=****%20****+****%2D2526'],
    ['right after letters', 'order1234567890122526', 'order************2526'],
    ['after another number', '2 1234 5678 9012 2526', '2 **** **** **** 2526'],
    ['after a price', '9.99 1234-5678-9012-2526', '9.99 ****-****-****-2526'],
    ['after its label, in any groups', 'VISA: 12 34567 890122526', 'VISA: ** ***** *****2526'],
    ['of American Express', '3782 822463 10005', '**** ****** *0005'],
    ['of American Express without separators', '378282246310005', '***********0005'],
    ['of Diners Club', '3056-930902-5904', '****-******-5904'],
    ['of Diners Club without separators', '30569309025904', '**********5904'],
    ['with thirteen digits', '4222222222222', '*********2222'],
    ['with nineteen digits', '6304000000000000000', '***************0000'],
    ['over several lines', '1234\r\n5678\n9012\n2526', '****\r\n****\n****\n2526'],
    ['over several lines in JSON', '"1234\\n5678\\r\\n9012\\n2526"', '"****\\n****\\r\\n****\\n2526"'],
    ['with separators that are not seen', '1234\u00ad5678\u20609012\ufeff2526', '****\u00ad****\u2060****\ufeff2526'],
    [
      'in digits of full width',
      'card \uff11\uff12\uff13\uff14-5678 9012\uff0d\uff12\uff15\uff12\uff16',
      'card ****-**** ****\uff0d2526',
    ],
    ['in digits of another script', '\u0661\u0662\u0663\u0664 5678 9012 2526', '**** **** **** 2526'],
    ['in digits for mathematics, without separators', '\u{1d7d1}\u{1d7d5}82822\u{1d7dc}6310005', '***********0005'],
    ['in unusual groups', '42 4242 4242 4242 42', '** **** **** **42 42'],
  ])('is masked %s, all but its last group', (_, text, masked) => {
    expect(maskCardNumbers(text)).toBe(masked);
  });

  it('is masked wherever it is, also when there are several', () => {
    const text = 'VISA-1234-5678-9012-2526, VISA-1111-2222-3333-4444\nVISA-1234-5678-9012-2526';
    expect(maskCardNumbers(text)).toBe('VISA-****-****-****-2526, VISA-****-****-****-4444\nVISA-****-****-****-2526');
  });

  it('that is masked already stays as it is', () => {
    expect(maskCardNumbers('VISA-****-****-****-2526')).toBe('VISA-****-****-****-2526');
  });

  it('is always masked, whatever its digits and the text around it', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 4, maxLength: 4 });
    const around = fc.string({ unit: fc.constantFrom(...' abc"{}:,/\n'), maxLength: 5 });
    const groups = fc.tuple(digits, digits, digits, digits);
    fc.assert(
      fc.property(groups, fc.constantFrom('-', ' ', ''), around, around, (parts, separator, before, after) => {
        const masked = maskCardNumbers(`${before}${parts.join(separator)}${after}`);
        expect(masked).toBe(`${before}${['****', '****', '****', parts[3]].join(separator)}${after}`);
      }),
      { seed: 112_358 },
    );
  });
});

describe('a text without a card number', () => {
  it.each([
    ['epoch milliseconds', '{"time":1769860800000,"deadlineMs":1769860805000}'],
    ['epoch milliseconds side by side', '1769860800000 1769860805000'],
    ['a time', '2026-01-31T12:00:00.000Z'],
    ['a day and an hour', '2026-01-31 1200'],
    ['epoch nanoseconds', '1769860800000000000'],
    ['a fraction', '0.1234567890123456'],
    ['a reservation', '108345-ASDFQWERTY'],
    ['an order', 'order-112358'],
    ['an order of a moment', 'order-1769860800000'],
    ['an order of a day', 'order-20260131-120000-0001'],
    ['epoch nanoseconds in groups', '1769860800 000000000'],
    ['fifteen digits without the check digit of a card', '378282246310006'],
    ['a telephone number', '+49 30 1234567'],
    ['a hash', 'a5f1234567890123456e0c9b4d7a6f2e8b3c1d0f9e8d7c6b5a4f3e2d1c0b9a87'],
    ['a UUID without dashes', '0193d4b212344567890123450abcdef0'],
    ['numbers of a list', '[1000,2000,3000,4000]'],
    ['a version', '1.24.0'],
    ['a run', '0193d4b2-7c1e-7f3a-9b1d-2f6c8a4e5d10/createTicket-3/1'],
    ['a UUID of digits', '00001234-5678-4012-8345-123456789012'],
    ['a UUID with groups of digits at its end', '0193d4b2-1234-4567-8901-2345abcdef01'],
    ['twelve digits in groups', '1234-5678-9012'],
    ['digits of another script that are no card number', '\u0661\u0662\u0663 \u0664\u0665\u0666'],
    ['a long text of another script', '\u6771\u4eac'.repeat(20)],
    ['twenty digits', '12345678901234567890'],
  ])('is left alone: %s', (_, text) => {
    expect(maskCardNumbers(text)).toBe(text);
  });
});

it('a long text of short numbers is masked in time that grows no faster than its length', () => {
  const text = '1.'.repeat(200_000);
  expect(maskCardNumbers(text)).toBe(text);
});
