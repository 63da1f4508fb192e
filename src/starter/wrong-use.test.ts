import { describe, expect, it } from '@jest/globals';
import { createTestOutput } from './output.fixture.ts';
import { runStarter } from './run-starter.ts';

async function run(args: readonly string[], env?: NodeJS.ProcessEnv) {
  const { output, stdoutLines, stderrLines } = createTestOutput();
  const exitCode = await runStarter(args, { detach: new AbortController().signal, output, ...(env && { env }) });
  return { exitCode, stdout: stdoutLines(), stderr: stderrLines().join('\n') };
}

describe('wrong use of the starter exits with 2 and says what is allowed:', () => {
  it.each([
    ['an invalid order id', ['order', 'a/b'], /"a\/b" is not a valid order id: an order id is 1 to 64 letters/],
    ['order ids and a count', ['order', '7', '--count', '2'], /either order ids or --count, not both/],
    [
      'an unknown command',
      ['cancle', 'order-7'],
      /unknown command 'cancle'[\s\S]*Did you mean cancel[\s\S]*cancel \[options\] <id>/,
    ],
    ['give-up without a reason', ['give-up', 'order-7'], /option '--reason <text>' not specified/],
    ['resolve without a claim', ['resolve', 'order-7', '--reason', 'seen'], /use either --ticket <id> or --none/],
    ['resolve with two claims', ['resolve', '7', '--none', '--ticket', 'T', '--reason', 'r'], /use either --ticket/],
    [
      'resolve with a card number',
      ['resolve', '7', '--ticket', 'T-4111.1111.1111.1111', '--reason', 'r'],
      /--ticket contains a card number/,
    ],
    ['resolve with an empty reason', ['resolve', 'order-7', '--none', '--reason', ' '], /--reason is empty; say why/],
    ['unresolved for no time', ['unresolved', '--for', 'long'], /--for is long; allowed are 90s, 10m, 2h, 1d/],
    ['give-up with an empty reason', ['give-up', 'order-7', '--reason', ' '], /--reason is empty; say why/],
    ['the same account twice', ['transfer', 'A', 'A', '5'], /from and to are both A/],
    ['no amount', ['transfer', 'A', 'B'], /missing required argument 'amount'/],
    ['an invalid amount', ['transfer', 'A', 'B', '1.005'], /"1.005" is not a valid amount \(more than two decimals\)/],
    ['a workflow id as transfer id', ['transfer', 'A', 'B', '5', '--id', 'transfer-x'], /not with "transfer-"/],
    ['an invalid transfer id', ['transfer', 'A', 'B', '5', '--id', 'a/b'], /"a\/b" is not a valid transfer id/],
    ['an id and a count', ['transfer', 'A', 'B', '5', '--id', 'x', '--count', '2'], /either --id or --count, not both/],
  ])('%s', async (_, args, allowed) => {
    const { exitCode, stdout, stderr } = await run(args);
    expect(stderr).toMatch(allowed);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: [] });
  });

  it('an unknown option of a command, and how to get the help of that command', async () => {
    const { exitCode, stderr } = await run(['order', '--cuont', '2']);
    expect(stderr).toContain("unknown option '--cuont'\n(Did you mean --count?)");
    expect(stderr).toContain('Help: npm run starter -- order --help');
    expect(stderr).not.toContain('Options:');
    expect(exitCode).toBe(2);
  });

  it.each(['0', '1001', '-1', '1.5', '2e2', 'three', ''])('--count %j', async (count) => {
    const { exitCode, stdout, stderr } = await run(['order', '--count', count]);
    expect(stderr).toContain(
      `option '--count <n>' argument '${count}' is invalid. expected a whole number from 1 to 1000`,
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: [] });
  });

  it.each([
    ['CREATE_DEADLINE_MS', 'soon'],
    ['TEMPORAL_TLS', 'maybe'],
  ])('an invalid setting %s=%s', async (name, value) => {
    const { exitCode, stderr } = await run(['order', 'order-7'], { [name]: value });
    expect(stderr).toContain(`${name}=${value}`);
    expect(exitCode).toBe(2);
  });
});

describe('the help of the starter', () => {
  it('has the form of all help texts: settings with their defaults, and exit codes', async () => {
    const { stdout } = await run(['--help']);
    expect(stdout.join('\n')).toMatch(
      /\nSettings:\n {2}TEMPORAL_ADDRESS {2}the Temporal server; default 127\.0\.0\.1:7233, or the port in\n +TEMPORAL_PORT\n/,
    );
    const help = (await run(['status', '--help'])).stdout.join('\n');
    expect(help).toMatch(
      /\nExit codes:\n {2}0 {2}the id exists\n {2}1 {2}it does not\n {2}2 {2}wrong use or a wrong setting/,
    );
  });

  it('goes to stdout and exits with 0', async () => {
    const { exitCode, stdout, stderr } = await run(['order', '--help']);
    expect(stdout.join('\n')).toContain('Submitting the same order again returns the same ticket.');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  it.each(['', 'order', 'transfer', 'status', 'list', 'cancel', 'give-up', 'resolve', 'unresolved'])(
    'of "%s" fits 80 columns',
    async (command) => {
      const { stdout } = await run([...(command === '' ? [] : [command]), '--help']);
      expect(stdout.filter((line) => line.length > 80)).toEqual([]);
    },
  );
});
