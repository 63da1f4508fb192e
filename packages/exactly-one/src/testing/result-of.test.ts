import { expect, it } from '@jest/globals';
import { resultOf } from './result-of.ts';

const RUNNING = new AbortController().signal;

type Handle = Parameters<typeof resultOf>[0];

/** A workflow that ends when it is terminated, if not before. */
function workflow({ ends, taskFailures }: { ends?: Error; taskFailures: readonly string[] }): Handle {
  let end = (_: Error): void => undefined;
  const result = new Promise<never>((_, reject) => {
    end = reject;
  });
  if (ends !== undefined) end(ends);
  const events = taskFailures.map((message) => ({ workflowTaskFailedEventAttributes: { failure: { message } } }));
  return Object({
    workflowId: 'late-watch/order-1',
    result: () => result,
    fetchHistory: async () => ({ events: [{}, ...events] }),
    terminate: async () => end(new Error('terminated')),
  });
}

it('a workflow that the worker does not have is terminated and named, with what to export', async () => {
  const says = "Failed to initialize workflow of type 'lateWatch': no such function is exported by the workflow bundle";
  await expect(resultOf(workflow({ taskFailures: ['a mistake', says] }), RUNNING)).rejects.toThrow(
    `late-watch/order-1 cannot run: ${says}. The file of your workflows must export it; for the late watch: export { lateWatch }`,
  );
});

it('a workflow whose task has failed otherwise may still end', async () => {
  const ends = new Error('it was rejected');
  await expect(resultOf(workflow({ ends, taskFailures: ['a mistake that was mended'] }), RUNNING)).rejects.toBe(ends);
});
