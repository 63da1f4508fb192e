import { expect, test } from '@jest/globals';
import { readCallError, readTaskFailure } from './native-log.ts';

test('a message is read with all escapes of the native part', () => {
  const dump = String.raw`Failure { message: "it\'s \"bad\"\n\u{1b}[31mC:\\u{41}\u{1f3ab}", stack_trace: "at a" }`;
  expect(readTaskFailure(dump)).toEqual({
    message: 'it\'s "bad"\n\u001b[31mC:\\u{41}\u{1f3ab}',
    stack: 'at a',
  });
});

test('a structure without a message is read as the names in it, never as the structure', () => {
  const status = 'Status { code: Unavailable, message: "", source: Some(Os { code: 111, kind: ConnectionRefused }) }';
  expect(readCallError(status)).toBe('Unavailable, ConnectionRefused');
  const failure = 'Failure { failure: Some(Failure { message: "", source: "" }), force_cause: NonDeterministicError }';
  expect(readTaskFailure(failure)).toEqual({ message: 'NonDeterministicError', stack: '' });
  expect(readTaskFailure('Failure { failure: None }').message).toBe('without a message');
});

test('what is no structure is left as it is', () => {
  expect(readCallError('connection closed')).toBe('connection closed');
});
