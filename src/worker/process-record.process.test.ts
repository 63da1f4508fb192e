import { copyFile, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { openLocked } from '../platform/files/open-locked.ts';
import { MINIMAL_ENVIRONMENT } from '../platform/processes/minimal-environment.ts';
import type { Child } from '../platform/processes/start-child.ts';
import { startProgram } from '../platform/processes/start-program.ts';
import { untilLine } from '../platform/processes/until-ready.ts';
import { isRecordHeld, killRecorded, recordedProcesses, recordProcess } from './process-record.ts';

let parent: string;
let folder: string;
let children: Child[];
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'process-record-'));
  folder = join(parent, 'workers');
  children = [];
});
afterEach(async () => {
  await Promise.all(children.map((child) => child.kill()));
  await rm(parent, { recursive: true });
});

/** A process that has recorded itself. */
async function startRecorded(): Promise<Child> {
  const program = 'src/worker/recorded.fixture.ts';
  const child = await startProgram({ name: 'sample', program, args: [folder], env: MINIMAL_ENVIRONMENT });
  children.push(child);
  await untilLine(child, /recorded/, { what: 'its record', timeoutMs: 30_000 });
  return child;
}

const running = async () => (await recordedProcesses(folder)).map(({ processId }) => processId).toSorted();

test('processes that run are found and can be killed; those that have ended leave no record', async () => {
  const [one, other] = await Promise.all([startRecorded(), startRecorded()]);
  expect(await running()).toEqual([one.pid, other.pid].toSorted());
  const [record] = (await recordedProcesses(folder)).filter(({ processId }) => processId === one.pid);
  expect(record?.details).toEqual({ processId: one.pid, name: 'sample' });

  expect(record && (await killRecorded(record))).toBe(true);
  expect(await one.exited).toEqual({ code: null, signal: 'SIGKILL' });
  expect(await running()).toEqual([other.pid]);
  await other.stop(10_000);
  expect(await readdir(folder)).toEqual([]);
});

test('a process that has only the process id of a record is never killed', async () => {
  const recorded = await startRecorded();
  const [record] = await recordedProcesses(folder);
  const killing = jest.spyOn(process, 'kill');
  // What another container, where the id means another process, would write into a shared folder.
  const stranger = { processId: process.pid, details: {}, path: record?.path ?? '' };
  expect(await killRecorded(stranger)).toBe(false);
  // A record whose process has died, and whose id belongs to another one by now.
  const copy = join(folder, 'copy.json');
  await copyFile(record?.path ?? '', copy);
  expect(await killRecorded({ processId: recorded.pid, details: {}, path: copy })).toBe(false);
  expect(killing).not.toHaveBeenCalled();
  killing.mockRestore();
  expect(await running()).toEqual([recorded.pid]);
});

test('a record without a lock belongs to a dead process, whatever its process id says', async () => {
  const remove = await recordProcess(folder, { name: 'this test' });
  await writeFile(join(folder, '1.json'), '{"processId":1}');
  expect(await running()).toEqual([process.pid]);
  expect(await readdir(folder)).toEqual([`${process.pid}.json`]);
  await remove();
  expect(await running()).toEqual([]);
});

test('a record that cannot be opened is skipped and reported, and the others are found', async () => {
  const remove = await recordProcess(folder, {});
  await symlink('elsewhere', join(folder, '1.json'));
  const unreadable: unknown[] = [];
  const found = await recordedProcesses(folder, (error) => unreadable.push(error));
  expect(found.map(({ processId }) => processId)).toEqual([process.pid]);
  expect(unreadable.map(String)).toEqual([expect.stringContaining('1.json is a symbolic link')]);
  await remove();
});

test('the record of a process that has just started is not removed in place of a dead one with its id', async () => {
  const remove = await recordProcess(folder, {});
  await remove();
  const path = join(folder, `${process.pid}.json`);
  await writeFile(path, '{}');
  let opened = 0;
  const isHeld = await isRecordHeld(path, async (...args) => {
    const file = await openLocked(...args);
    opened += 1;
    if (opened === 1) {
      // Somebody else has removed the dead record by now, and a process with this id has started.
      await rm(path);
      await recordProcess(folder, {});
    }
    return file;
  });
  expect(isHeld).toBe(true);
  expect(await running()).toEqual([process.pid]);
});

test('nothing is recorded where the folder around it is missing', async () => {
  await expect(recordProcess(join(parent, 'no/such'), {})).rejects.toThrow('ENOENT');
});
