import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import pLimit from 'p-limit';
import { MINIMAL_ENVIRONMENT } from '../../src/platform/processes/minimal-environment.ts';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import { startProgram } from '../../src/platform/processes/start-program.ts';

const { scripts }: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(
  await readFile(path.join(PROJECT_FOLDER, 'package.json'), 'utf8'),
);
/** The programs of package.json: the name of each script, and the file that it runs. */
const PROGRAMS = Object.entries(scripts).flatMap(([name, command]): [string, string][] => {
  const file = /scripts\/run\.mjs (\S+\.ts)/.exec(command)?.[1];
  return file === undefined ? [] : [[name, file]];
});

/** Few at a time: each of them takes a processor for a second. */
const atATime = pLimit(3);

test('every program prints its help, in 80 columns, and exits with 0', async () => {
  const helpOf = async ([name, program]: readonly [string, string]) => {
    const child = await startProgram({ name, program, args: ['--help'], env: { ...MINIMAL_ENVIRONMENT } });
    const { code } = await child.exited;
    const lines = child.output.tail();
    const tooLong = lines.filter((line) => line.length > 80);
    return { name, code, hasUsage: lines.some((line) => line.startsWith('Usage: ')), tooLong };
  };
  const helps = await Promise.all(PROGRAMS.map((program) => atATime(() => helpOf(program))));
  expect(PROGRAMS.length).toBeGreaterThan(15);
  expect(helps).toEqual(PROGRAMS.map(([name]) => ({ name, code: 0, hasUsage: true, tooLong: [] })));
});

describe('started with a setting that is wrong, nothing is started and no setting is read:', () => {
  test.concurrent.each([
    ['npm start -- --help', 'src/platform/supervisor/main.ts', '--help', 0, 'Usage: npm start -- [options]'],
    ['npm run ticket-system -- -h', 'src/services/ticket-system/main.ts', '-h', 0, 'TICKET_SYSTEM_PORT  default 3001'],
    ['npm run worker -- --halp', 'src/worker/main.ts', '--halp', 2, '(Did you mean --help?)'],
  ])('%s', async (name, program, argument, exitCode, text) => {
    const env = { ...MINIMAL_ENVIRONMENT, LOG_LEVEL: 'wrong' };
    const child = await startProgram({ name, program, args: [argument], env });
    const { code } = await child.exited;
    expect(child.output.tail().join('\n')).toContain(text);
    expect(child.output.tail().join('\n')).not.toContain('LOG_LEVEL is');
    expect(code).toBe(exitCode);
  });
});
