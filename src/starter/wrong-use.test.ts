import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { runStarter } from './run-starter.ts';

let said: string;
let printed: string;
beforeEach(() => {
  [said, printed] = ['', ''];
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  jest.spyOn(console, 'error').mockImplementation((text) => {
    said += String(text);
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe('wrong use of the starter ends with 2 and says what is allowed:', () => {
  it.each([
    ['a wrong order id', ['order', 'a/b'], /"a\/b" is not a valid order id: an order id is 1 to 64 letters/],
    ['a wrong --count', ['order', '--count', '0'], /expected a whole number from 1 to 1000/],
    ['an unknown command', ['cancle', 'order-7'], /unknown command 'cancle'[\s\S]*cancel <id>/],
    ['give-up without a reason', ['give-up', 'order-7'], /option '--reason <text>' not specified/],
    ['give-up for an empty reason', ['give-up', 'order-7', '--reason', ' '], /--reason is empty: say why/],
    ['one account twice', ['transfer', 'A', 'A', '5'], /from and to are both A/],
    ['no amount', ['transfer', 'A', 'B'], /missing required argument 'amount'/],
    ['a bad amount', ['transfer', 'A', 'B', '1.005'], /"1.005" is not a valid amount \(more than two decimals\)/],
    ['a workflow id for an id', ['transfer', 'A', 'B', '5', '--id', 'transfer-x'], /not with "transfer-"/],
    ['a bad id', ['transfer', 'A', 'B', '5', '--id', 'a/b'], /"a\/b" is not a valid transfer id/],
    ['an id and a count', ['transfer', 'A', 'B', '5', '--id', 'x', '--count', '2'], /either --id or --count/],
  ])('%s', async (_, args, allowed) => {
    expect(await runStarter(args, new AbortController().signal)).toBe(2);
    expect(said).toMatch(allowed);
    expect(printed).toBe('');
  });

  it('a wrong setting', async () => {
    const env = { CREATE_DEADLINE_MS: 'soon' };
    expect(await runStarter(['order', 'order-7'], new AbortController().signal, env)).toBe(2);
    expect(said).toContain('CREATE_DEADLINE_MS=soon');
  });
});
