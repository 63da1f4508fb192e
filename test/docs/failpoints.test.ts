import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { type FailpointProcess, failpointsOf } from '../../src/platform/failpoints/failpoints.ts';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';

it.each<[FailpointProcess, string]>([
  ['worker', 'In a worker'],
  ['ticket system', 'In the ticket system'],
])('docs/evidence.md lists every failpoint of the %s, and no other', async (process, heading) => {
  const text = await readFile(path.join(PROJECT_FOLDER, 'docs/evidence.md'), 'utf8');
  const [section = ''] = (text.split(`### ${heading}\n`)[1] ?? '').split('\n#', 1);
  const listed = [...section.matchAll(/^\| `([^`]+)` \| ([^|]+) \| [^|]+ \|$/gm)];
  expect(listed.map(([, point, moment]) => ({ point, moment }))).toEqual(failpointsOf(process));
});
