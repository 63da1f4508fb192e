import { expect, test } from '@jest/globals';
import { sourceLine } from './source-line.ts';

test.each([
  [
    'of workflow code',
    `/app/workflow-bundle-72d5.js:6627
            throw this.workflowTaskError;
            ^

RangeError: Division by zero
    at moveMoney (/home/ann/project/src/workflows/transfer-money.ts:71:40)`,
    'moveMoney (src/workflows/transfer-money.ts:71)',
  ],
  [
    'below lines of Node and of packages',
    `Error: connect ECONNREFUSED 127.0.0.1:3999
    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:16)
    at async Activity.execute (/project/node_modules/@temporalio/worker/src/activity.ts:145:14)
    at async Object.createToken (/project/src/clients/ticket-system.ts:86:23)`,
    'Object.createToken (src/clients/ticket-system.ts:86)',
  ],
  ['without a function', 'Error: x\n    at file:///project/src/a/b.ts:3:1', 'src/a/b.ts:3'],
  [
    'in the library',
    'Error: x\n    at decide (/project/packages/exactly-one/src/protocol/decide.ts:9:2)',
    'decide (packages/exactly-one/src/protocol/decide.ts:9)',
  ],
  [
    'of a project that lies in a folder named src',
    'Error: x\n    at run (/usr/src/project/src/a.ts:3:1)',
    'run (src/a.ts:3)',
  ],
  ['of another program', 'Error: x\n    at run (/opt/program/lib/a.js:3:1)', undefined],
  ['that is empty', '', undefined],
])('the source line of a stack trace %s', (_, stack, line) => {
  expect(sourceLine(stack)).toBe(line);
});
