import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { MINIMAL_ENVIRONMENT } from '../../src/platform/processes/minimal-environment.ts';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import { startProgram } from '../../src/platform/processes/start-program.ts';
import { importsOf } from './import-direction.ts';

const { scripts }: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(
  await readFile(path.join(PROJECT_FOLDER, 'package.json'), 'utf8'),
);
/** The programs of package.json: the name of each script, and the file that it runs. */
const PROGRAMS = Object.entries(scripts).flatMap(([name, command]): [string, string][] => {
  const file = /scripts\/run\.mjs (\S+\.ts)/.exec(command)?.[1];
  return file === undefined ? [] : [[name, file]];
});

test.each(PROGRAMS)('%s has a command line with help', async (_, file) => {
  const main = path.join(PROJECT_FOLDER, file);
  const imported = (await importsOf(main)).filter((each) => each.startsWith('./'));
  const files = [main, ...imported.map((each) => path.resolve(path.dirname(main), each))];
  const sources = await Promise.all(files.map((each) => readFile(each, 'utf8')));
  expect(sources.join('\n')).toMatch(/createCommandLine\(|new Command\(/);
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
