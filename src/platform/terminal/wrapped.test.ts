import { describe, expect, test } from '@jest/globals';
import { fitted, wrapped, wrappedBelow } from './wrapped.ts';

const TEXT = 'waiting for a Temporal server at 127.0.0.1:7233, where nothing listens';

describe('a text for people', () => {
  test('is wrapped at words to the width of a terminal, and left as it is in a pipe', () => {
    expect(fitted(TEXT, { isTTY: true, columns: 40 })).toBe(
      'waiting for a Temporal server at\n127.0.0.1:7233, where nothing listens',
    );
    expect(fitted(TEXT, { columns: 40 })).toBe(TEXT);
    expect(fitted('word '.repeat(20).trim(), { isTTY: true, columns: 0 }).split('\n')[0]).toHaveLength(79);
  });

  test('goes on below its beginning', () => {
    expect(wrappedBelow(`✗ order-7  unknown  ${TEXT}`, 40, 2).split('\n')).toEqual([
      '✗ order-7  unknown  waiting for a',
      '  Temporal server at 127.0.0.1:7233,',
      '  where nothing listens',
    ]);
  });

  test('is measured as it looks: colours take no column, and a wide character takes two', () => {
    expect(wrapped('\u001B[31mfour\u001B[39m four', 12)).toBe('\u001B[31mfour\u001B[39m four');
    expect(wrapped('票票票 票票票', 12)).toBe('票票票\n票票票');
  });

  test('keeps a word that is longer than a line whole', () => {
    const link = `http://127.0.0.1:8233/${'x'.repeat(60)}`;
    expect(wrapped(`Temporal UI: ${link}`, 40)).toBe(`Temporal UI:\n${link}`);
  });
});
