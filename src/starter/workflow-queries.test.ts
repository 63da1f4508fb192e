import { expect, test } from '@jest/globals';
import { linkQuery, listQuery, submittedQuery } from './workflow-queries.ts';

test('the query for what was submitted names a few ids, and for many the time', () => {
  expect(submittedQuery('processOrder', ['order-1', 'order-2'], 0)).toBe('WorkflowId IN ("order-1","order-2")');
  const many = Array.from({ length: 20 }, (_, index) => `order-${index}`);
  expect(submittedQuery('processOrder', many, 0)).toBe(
    'WorkflowType="processOrder" AND StartTime>="1970-01-01T00:00:00.000Z"',
  );
});

test('the query for a list leaves out runs that have a successor; its link need not', () => {
  const which = { workflowType: 'processOrder', taskQueue: 'a"b', onlyOpen: false };
  expect(listQuery(which)).toBe(
    'WorkflowType="processOrder" AND TaskQueue="a\\"b" AND ExecutionStatus!="ContinuedAsNew"',
  );
  expect(linkQuery(which)).toBe('WorkflowType="processOrder" AND TaskQueue="a\\"b"');
  expect(linkQuery({ ...which, onlyOpen: true })).toBe(listQuery({ ...which, onlyOpen: true }));
});
