import { expect, test } from '@jest/globals';
import { closedLoop } from './closed-loop.ts';

test('a closed loop keeps a fixed number of runs open and uses each id once', async () => {
  const used: string[] = [];
  let open = 0;
  let mostOpen = 0;
  const run = async (id: string) => {
    used.push(id);
    open += 1;
    mostOpen = Math.max(mostOpen, open);
    await new Promise(setImmediate);
    open -= 1;
    return `workflow-${id}`;
  };
  const { workflowIds, latenciesMs, errors } = await closedLoop(['1', '2', '3', '4', '5'], 2, run);
  expect(used.toSorted()).toEqual(['1', '2', '3', '4', '5']);
  expect(mostOpen).toBe(2);
  expect(workflowIds.toSorted()).toEqual(used.map((id) => `workflow-${id}`).toSorted());
  expect(latenciesMs).toHaveLength(5);
  expect(errors).toEqual([]);
});

test('a run that fails is reported and does not count as a latency', async () => {
  const failure = new Error('no ticket');
  const result = await closedLoop(['1', '2', '3'], 1, async (id) => {
    if (id === '2') throw failure;
    return id;
  });
  expect(result.errors).toEqual([failure]);
  expect(result.workflowIds).toEqual(['1', '3']);
  expect(result.latenciesMs).toHaveLength(2);
});
