import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import { repositoryFiles } from './repository-files.ts';

const run = promisify(execFile);

test('each test file belongs to exactly one project, by its name', async () => {
  const [unit = [], process = [], endToEnd = []] = await Promise.all(
    ['unit', 'process', 'end-to-end'].map((project) => listTests('--selectProjects', project)),
  );
  expect([...unit, ...process, ...endToEnd].sort()).toEqual(await testFiles());
  expect(process.filter((file) => !file.endsWith('.process.test.ts'))).toEqual([]);
  expect(endToEnd.filter((file) => !/^test\/end-to-end\/|\.end-to-end\.test\.ts$/.test(file))).toEqual([]);
});

test('a pattern selects the files that have it in their path', async () => {
  const expected = (await testFiles()).filter((file) => file.includes('fence'));
  expect((await listTests('fence')).toSorted()).toEqual(expected);
});

test('-t runs only the tests that have the text in their name', async () => {
  const { stdout } = await npmTest('wait-until', '-t', 'is not held up', '--json');
  const { numTotalTests, ...counts } = JSON.parse(stdout);
  expect(numTotalTests).toBeGreaterThan(1);
  expect(counts).toMatchObject({ numTotalTestSuites: 1, numPassedTests: 1, numPendingTests: numTotalTests - 1 });
});

async function listTests(...args: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await npmTest('--listTests', ...args);
  const lines = stdout.split('\n').filter((line) => line.endsWith('.test.ts'));
  return lines.map((file) => path.relative(PROJECT_FOLDER, file));
}

function npmTest(...args: readonly string[]) {
  return run('npm', ['test', '--silent', '--', ...args], { cwd: PROJECT_FOLDER });
}

async function testFiles(): Promise<readonly string[]> {
  return (await repositoryFiles()).filter((file) => file.endsWith('.test.ts'));
}
