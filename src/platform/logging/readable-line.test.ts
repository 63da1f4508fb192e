import { describe, expect, it } from '@jest/globals';
import { createReadableLines } from './readable-line.ts';

const readable = createReadableLines({ colour: false });

/** The rows of a log line with these fields, in a terminal of this width, without the time. */
function rows(fields: object, columns = 120): readonly string[] {
  const line = JSON.stringify({ level: 30, time: '2026-11-30T01:12:42.000Z', pid: 7, hostname: 'h', ...fields });
  const [first = '', ...more] = readable(`${line}\n`, columns).split('\n');
  expect(first).toMatch(/^\d\d:\d\d:\d\d /);
  return [first.slice('01:12:42 '.length), ...more];
}

const stack = (place: string) =>
  ['TypeError: x', '    at read (/home/me/app/node_modules/undici/index.js:7:9)', `    at ${place}`].join('\n');

const attempt = (error: object) => ({
  ...{ level: 40, name: 'worker', msg: 'Activity failed', workflowId: 'order-41', runId: 'r', durationMs: 12 },
  ...{ activityType: 'getToken', attempt: 4, error, nextAttemptInMs: 1_800 },
});

describe('a line for people', () => {
  it('says what failed, why, and when it is tried again', () => {
    const message = 'POST http://127.0.0.1:3999/tokens: connect ECONNREFUSED 127.0.0.1:3999';
    expect(rows(attempt({ type: 'ServiceUnavailable', message }))).toEqual([
      '✗ order-41 getToken attempt 4: connect ECONNREFUSED 127.0.0.1:3999 · next in 1.8 s',
    ]);
    const response = 'GET http://127.0.0.1:3001/orders/order-41/tickets responded with 500 INTERNAL_ERROR';
    expect(rows(attempt({ type: 'ServiceUnavailable', message: response }))).toEqual([
      '✗ order-41 getToken attempt 4: 127.0.0.1:3001 responded with 500 INTERNAL_ERROR · next in 1.8 s',
    ]);
  });

  it('says of a bug its type and the first line of our own source', () => {
    const bug = { type: 'TypeError', message: 'x is undefined', stack: stack('pay (/home/me/app/src/a.ts:43:5)') };
    expect(rows(attempt(bug))).toEqual([
      '✗ order-41 getToken attempt 4: TypeError: x is undefined · next in 1.8 s · src/a.ts:43',
    ]);
  });

  it('says where a call was made once, and not for each of its attempts', () => {
    const error = { type: 'ServiceUnavailable', message: 'no response', stack: stack('src/a.ts:43:5') };
    expect(rows({ ...attempt(error), attempt: 1 })[0]).toMatch(
      /attempt 1: no response · next in 1\.8 s · src\/a\.ts:43$/,
    );
    expect(rows(attempt(error))[0]).toMatch(/attempt 4: no response · next in 1\.8 s$/);
  });

  it('has no error without a text', () => {
    expect(rows(attempt({ type: 'TypeError', message: '' }))[0]).toContain('getToken attempt 4: TypeError');
    expect(rows(attempt({ code: 7 }))[0]).toContain('attempt 4: {"code":7}');
  });

  it('says an error once, although the message has it as well', () => {
    const error = { type: 'Error', message: 'the disk is full' };
    expect(rows({ level: 50, msg: 'requests are refused: the disk is full', err: error })).toEqual([
      '✗ requests are refused: the disk is full',
    ]);
  });

  it.each([120, 80, 40])('fits %i columns: an error goes on below, anything else is cut', (columns) => {
    const error = { type: 'TypeError', message: 'Cannot read properties of undefined', stack: stack('src/a.ts:43:5') };
    const failed = rows(attempt(error), columns);
    // Without the time, which is cut off above.
    for (const [n, row] of failed.entries()) expect(row.length).toBeLessThanOrEqual(n === 0 ? columns - 9 : columns);
    expect(failed.map((row) => row.trim()).join(' ')).toContain('TypeError: Cannot read properties of undefined');
    expect(failed.join(' ')).toContain('src/a.ts:43');

    const [said = '', ...more] = rows({ msg: 'a message that goes on and on '.repeat(9), name: 'worker' }, columns);
    expect(more).toEqual([]);
    expect(said).toMatch(/^ {2}a message that goes on.*…$/);
    expect(said.length).toBe(columns - 9);
  });

  it('counts the columns of wide characters', () => {
    expect(rows({ msg: '票'.repeat(40) }, 31)).toEqual([`  ${'票'.repeat(9)}…`]);
  });

  it('never fills the screen with one error', () => {
    const lines = rows(attempt({ message: 'word '.repeat(500) }), 80);
    expect(lines).toHaveLength(4);
    expect(lines.at(-1)).toMatch(/…$/);
  });

  it('shows a request as its method, address, status and time', () => {
    const request = { msg: 'request', reqId: 'r/1/1', method: 'POST', url: '/tokens', ms: 12 };
    expect(rows({ ...request, status: 201 })).toEqual(['  POST /tokens 201 · 12 ms']);
    expect(rows({ ...request, status: 404 })).toEqual(['! POST /tokens 404 · 12 ms']);
    expect(rows({ ...request, status: 500 })).toEqual(['✗ POST /tokens 500 · 12 ms']);
    expect(rows({ ...request, url: `/${'a'.repeat(90)}`, status: 500 }, 80)).toHaveLength(1);
    expect(
      rows({ level: 50, msg: 'the request failed', method: 'GET', url: '/a', err: { message: 'no disk' } }),
    ).toEqual(['✗ GET /a: no disk']);
  });

  it('shows the other fields by name, unless the message says them', () => {
    expect(rows({ msg: 'validate: ticket T-1', orderId: 'order-1', live: ['T-1'], taskQueue: 'orders' })).toEqual([
      '  order-1 validate: ticket T-1 · task queue orders',
    ]);
    expect(rows({ level: 40, msg: 'no ticket system listens: orders wait until it does' }, 40)).toHaveLength(2);
    expect(rows({ level: 40, msg: 'lines were dropped', dropped: 3 })).toEqual(['! lines were dropped · dropped 3']);
    expect(rows({ msg: 'completed', keeper: null, live: [null] })).toEqual(['  completed']);
  });

  it('marks the end of an order, and names the late watch by its order', () => {
    const runId = '01a22bda-eae1-7ca6-8f09-7d9e2ff0c211';
    expect(rows({ msg: 'completed', workflowId: 'order-1', done: true })).toEqual(['✓ order-1 completed']);
    expect(rows({ msg: 'resumes', workflowId: `order-1:late-watch:${runId}` })).toEqual([
      '  order-1:late-watch resumes',
    ]);
  });

  it('has colours only where they are wanted', () => {
    const line = JSON.stringify({ level: 50, time: 0, msg: 'bad', error: { message: 'worse' } });
    expect(readable(line, 80)).not.toContain('\u001b');
    expect(createReadableLines({ colour: true })(line, 80)).toContain('\u001b[31m✗\u001b[39m');
  });

  it('is wrapped, and otherwise left alone, if it is no line of the log', () => {
    expect(readable('everything else goes on: npm run worker', 30)).toBe('everything else goes on: npm\nrun worker');
    expect(readable('{ not JSON', 80)).toBe('{ not JSON');
    expect(readable('{"orders":1}', 80)).toBe('{"orders":1}');
    expect(readable('x'.repeat(100), 30)).toBe(`${'x'.repeat(29)}…`);
  });
});
