import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { cutToWidth, widthOf } from './text-width.ts';

describe('a text is cut to the cells of a row', () => {
  test.each([
    ['what fits stays', 'order-3', 7, 'order-3'],
    ['what is too long ends in an ellipsis', 'order-3  settling', 10, 'order-3  …'],
    ['a wide character fills two cells', '票票票', 6, '票票票'],
    ['a wide character is not cut in half', '票票票', 5, '票票…'],
    ['a wide character that would end outside is left out', '票票票', 4, '票…'],
    ['an emoji of several code points is one character', '👩‍👩‍👧‍👦 family', 5, '👩‍👩‍👧‍👦 f…'],
  ])('%s', (_, text, columns, expected) => {
    expect(cutToWidth(text, columns)).toBe(expected);
    expect(widthOf(cutToWidth(text, columns))).toBeLessThanOrEqual(columns);
  });

  test('colours are kept, fill no cell and end where the text is cut', () => {
    const cut = cutToWidth('\u001B[31mconnect ECONNREFUSED\u001B[39m', 8);
    expect(cut).toBe('\u001B[31mconnect…\u001B[39m');
    expect(cutToWidth('\u001B[31mconnect\u001B[39m', 7)).toBe('\u001B[31mconnect\u001B[39m');
  });

  test('nothing in it moves the cursor', () => {
    expect(cutToWidth('first\r\n\tsecond\u001B[2J\u0007', 80)).toBe('first second ');
    expect(cutToWidth('first\n\u001B[31mred\u001B[39m\u001B[1;2H', 80)).toBe('first \u001B[31mred\u001B[39m');
    expect(cutToWidth('a\u001B[', 80)).toBe('a [');
    expect(stripVTControlCharacters(cutToWidth('a\nb', 80))).toBe('a b');
  });
});
