import { InvalidArgumentError } from 'commander';
import { errorMessage } from '../../src/contracts/errors.ts';
import { startChild } from '../../src/platform/processes/start-child.ts';
import type { Contender } from './contender.ts';

/** Where the command and the input of another worker have the server's address and the id of a run. */
const ADDRESS = '{address}';
const ID = '{id}';
const STOP_WITHIN_MS = 5_000;

/** Another program to measure beside ours. */
export interface OtherWorker {
  readonly name: string;
  /** A command line for `sh`; `{address}` stands for the address of the Temporal server. */
  readonly command: string;
  readonly taskQueue: string;
  readonly workflowType: string;
  /** JSON, the only argument of the workflow; `{id}` stands for an id that is used once. */
  readonly input: string;
}

/** Measures a worker that is started by a command, in any language. All of its output is read and dropped. */
export function otherContender({ name, command, taskQueue, workflowType, input }: OtherWorker): Contender {
  return {
    name,
    async start({ address, client, environment }) {
      const child = await startChild({
        name,
        command: 'sh',
        args: ['-c', command.replaceAll(ADDRESS, address)],
        env: { ...process.env, ...environment },
        guarded: true,
      });
      let hasEnded = false;
      void child.exited.then(() => {
        hasEnded = true;
      });
      return {
        processes: [{ role: 'worker', pid: child.pid }],
        async run(id) {
          if (hasEnded) throw new Error(`${name} has ended:\n${child.output.tail().join('\n')}`);
          const workflowId = `${name}-${id}`;
          await client.workflow.execute(workflowType, { workflowId, taskQueue, args: [argumentOf(input, id)] });
          return workflowId;
        },
        async stop() {
          await child.stop(STOP_WITHIN_MS);
        },
      };
    },
  };
}

/** Checked at the start, so that a mistake does not surface after the first round. */
export function checkedInput(template: string): string {
  try {
    argumentOf(template, 'id');
    return template;
  } catch (error) {
    throw new InvalidArgumentError(`expected JSON, in which ${ID} stands for an id: ${errorMessage(error)}.`);
  }
}

function argumentOf(template: string, id: string): unknown {
  return JSON.parse(template.replaceAll(ID, id));
}
