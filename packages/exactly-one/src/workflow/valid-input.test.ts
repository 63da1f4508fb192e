import { describe, expect, it } from '@jest/globals';
import { isOptional, isRecordOf, isText } from '../contract/index.ts';
import { validInput } from './valid-input.ts';

const isBooking = isRecordOf<{ readonly from: string; readonly note?: string }>({
  from: isText,
  note: isOptional(isText),
});

describe('the input of a workflow', () => {
  it('is what it was started with when that is valid', () => {
    const booking = { from: 'A' };
    expect(validInput(booking, isBooking)).toBe(booking);
  });

  it.each([[null], [undefined], ['A'], [{ from: 1 }], [Object.create({ from: 'A' })]])(
    'fails the workflow, and not its task, when it is %j',
    (given) => {
      expect(() => validInput(given, isBooking)).toThrow(
        expect.objectContaining({
          ...{ type: 'InputInvalid', nonRetryable: true },
          message: `the input is not valid: ${JSON.stringify(given) ?? 'undefined'}`,
        }),
      );
    },
  );

  it('is masked where it is quoted', () => {
    const mask = (text: string) => text.replace('1234', '****');
    expect(() => validInput('PIN 1234', isBooking, mask)).toThrow('PIN ****');
  });
});
