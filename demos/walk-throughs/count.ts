import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { MINIMAL_ENVIRONMENT } from '../../src/platform/processes/minimal-environment.ts';
import { PROJECT_FOLDER } from '../../src/platform/processes/project-folder.ts';
import type { Child } from '../../src/platform/processes/start-child.ts';
import { startProgram } from '../../src/platform/processes/start-program.ts';
import { waitUntil } from '../../src/platform/processes/wait-until.ts';
import type { Stage } from '../../testbed/stage.ts';
import type { DemoNarrator } from './acts.ts';
import { codeRows, countRow, hasGoneOn, type Life, titleRow } from './count-rows.ts';
import type { DemoResult } from './options.ts';
import { withProblems } from './with-problems.ts';

const SCRIPT = 'demos/count/script.ts';
const WORKER = 'demos/count/worker.ts';
const WORKFLOW = 'demos/count/workflows/index.ts';
const TEN = 10;
/** Both are killed when the workflow has counted to these numbers. */
const KILLED_AT = [4, 7];
const WITHIN_MS = 120_000;
const STOP_WITHIN_MS = 5_000;

/** A plain script and a workflow count to ten, and are killed twice. The script starts over, the workflow goes on. */
export async function count(stage: Stage, narrator: DemoNarrator): Promise<DemoResult> {
  await narrator.act('Count to ten', 'The same loop, in a plain script and in a workflow. Both are killed twice.');
  narrator.line();
  narrator.line(titleRow());
  for (const row of codeRows(await loopIn(SCRIPT), await loopIn(WORKFLOW))) narrator.line(row);
  narrator.line();

  const script: Life[] = [];
  const workflow: Life[] = [];
  const show = () => narrator.show([countRow(script, workflow)]);
  const begin = (lives: Life[]) => {
    const life: Life = { numbers: [], end: 'running' };
    lives.push(life);
    const onLine = (line: string) => {
      if (!/^\d+$/.test(line)) return;
      life.numbers.push(Number(line));
      show();
    };
    return { life, onLine };
  };

  const workflowId = `count-${stage.taskQueue}`;
  let reached = 0;
  for (const killAt of KILLED_AT) {
    const [one, other] = [begin(script), begin(workflow)];
    const [process, worker] = await narrator.during('starting both', startBoth(stage, one.onLine, other.onLine));
    if (reached === 0) await stage.client.workflow.start('countToTen', { workflowId, taskQueue: stage.taskQueue });
    const kill = async (child: Child, life: Life) => {
      await child.kill();
      life.end = 'killed';
      show();
    };
    // Each when it has counted so far: on a busy machine one is slower than the other.
    await Promise.all([
      untilSaid(one.life, killAt - reached).then(() => kill(process, one.life)),
      untilCounted(stage, workflowId, killAt).then(() => kill(worker, other.life)),
    ]);
    reached = killAt;
    narrator.line(countRow(script, workflow));
    await narrator.timeToRead(2, 'both are started again');
  }

  const [one, other] = [begin(script), begin(workflow)];
  const [process, worker] = await narrator.during('starting both', startBoth(stage, one.onLine, other.onLine));
  const end = (life: Life, how: 'ended' | 'failed') => {
    life.end = how;
    show();
  };
  const [{ code }] = await Promise.all([
    process.exited.then((exit) => {
      end(one.life, exit.code === 0 ? 'ended' : 'failed');
      return exit;
    }),
    stage.client.workflow
      .getHandle(workflowId)
      .result()
      .then(() => end(other.life, 'ended')),
  ]);
  narrator.line(countRow(script, workflow));
  narrator.line();
  await worker.stop(STOP_WITHIN_MS);
  const problems = code === 0 ? [] : [`the script ended with exit code ${code}`];
  return withProblems(verdict(script, workflow), problems, narrator);
}

/** Starts a worker and, once it is ready, the script, so that both begin to count at the same time. */
async function startBoth(stage: Stage, onScriptLine: (line: string) => void, onWorkerLine: (line: string) => void) {
  const worker = await stage.startWorker({ file: WORKER, onLine: onWorkerLine });
  const options = { name: 'the script', program: SCRIPT, env: MINIMAL_ENVIRONMENT, onLine: onScriptLine };
  return [await startProgram(options), worker] as const;
}

function untilSaid({ numbers }: Life, count: number): Promise<boolean> {
  return waitUntil(() => numbers.length >= count, {
    what: `the script to say ${count} numbers`,
    timeoutMs: WITHIN_MS,
    everyMs: 20,
  });
}

/** Waits until Temporal knows that the workflow has counted so far. */
function untilCounted({ client }: Stage, workflowId: string, number: number): Promise<boolean> {
  return waitUntil(
    async () => {
      const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
      return (events?.filter((event) => event.activityTaskCompletedEventAttributes).length ?? 0) >= number;
    },
    { what: `the workflow to count to ${number}`, timeoutMs: WITHIN_MS, everyMs: 50 },
  );
}

/** The loop in a source file, without its indentation. */
async function loopIn(file: string): Promise<readonly string[]> {
  const [loop = ''] = /^ *for \([\s\S]*?\n *\}/m.exec(await readFile(path.join(PROJECT_FOLDER, file), 'utf8')) ?? [];
  const indent = loop.search(/\S/);
  return loop.split('\n').map((line) => line.slice(indent));
}

const numbersOf = (lives: readonly Life[]) => lives.flatMap(({ numbers }) => numbers);

function verdict(scriptLives: readonly Life[], workflowLives: readonly Life[]) {
  const [script, workflow] = [numbersOf(scriptLives), numbersOf(workflowLives)];
  return {
    ok: hasGoneOn(workflowLives, TEN),
    summary: `killed twice: the script needed ${script.length} numbers to count to ten, the workflow ${workflow.length}`,
    details: { killedAt: KILLED_AT, script, workflow },
  };
}
