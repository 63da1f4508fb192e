import { Writable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { createPrefixedOutput } from './prefixed-output.ts';

const LOG_LINE =
  '{"level":30,"time":0,"pid":7,"hostname":"h","name":"worker","orderId":"order-1","msg":"a message that is long"}';

const THREE_LINES = [
  ['temporal', 'is ready'],
  ['worker', LOG_LINE],
  ['worker', '{ not JSON'],
] as const;

/** What is printed of these lines, to a pipe or to a terminal of this width. */
function printed(
  terminal?: { readonly columns: number },
  lines: readonly (readonly [string, string])[] = THREE_LINES,
): readonly string[] {
  const written: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk));
      done();
    },
  });
  const print = createPrefixedOutput(
    ['temporal', 'worker'],
    terminal === undefined ? stream : Object.assign(stream, { isTTY: true, ...terminal }),
  );
  for (const [name, line] of lines) print(name)(line);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
  return written.map((text) => text.replaceAll(/\u001b\[\d+m/g, ''));
}

test('on a terminal each line has the name of its process, is readable, and fits', () => {
  const [plain, log = '', other] = printed({ columns: 50 });
  expect([plain, other]).toEqual(['temporal | is ready\n', 'worker   | { not JSON\n']);
  expect(log).toMatch(/^worker {3}\| \d\d:\d\d:\d\d {3}order-1 a message that is l…\n$/);
  expect(log.trimEnd()).toHaveLength(50);
});

test('on a pipe log lines stay JSON, and others have the name of their process', () => {
  expect(printed()).toEqual(['temporal | is ready\n', `${LOG_LINE}\n`, 'worker   | { not JSON\n']);
});

test('what a process says for people is wrapped at words, line by line, and not cut off', () => {
  const said = 'the worker was killed. Nothing is lost: orders wait.\nA new one starts in 10 s';
  const rows = printed({ columns: 40 }, [['worker', said]]).join('');
  expect(rows).toBe(
    'worker   | the worker was killed.\nworker   | Nothing is lost: orders wait.\nworker   | A new one starts in 10 s\n',
  );
  expect(printed(undefined, [['worker', 'one\ntwo']])).toEqual(['worker   | one\n', 'worker   | two\n']);
});
