import { expect, test } from '@jest/globals';
import { replaceLine } from './replace-line.ts';

test('a line is replaced whatever its indentation, which is kept', () => {
  expect(replaceLine('if (ok) {\n    open();\n}\n', 'open();', 'close();')).toEqual({
    text: 'if (ok) {\n    close();\n}\n',
    line: 2,
  });
});

test.each(['nothing of the kind', 'open();\n  open();', 'reopen();'])(
  'not unless it is there exactly once: %j',
  (text) => {
    expect(replaceLine(text, 'open();', 'close();')).toBeUndefined();
  },
);
