// Records the histories that replay.test.ts replays: node scripts/run.mjs test/replay/record.ts [name ...]
// Add a recording when workflow code takes a new path. Keep an old one for as long as workflows that took its path may run.

import { mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { lateWatchId } from 'exactly-one';
import { TRANSFER_ID_PREFIX } from '../../src/contracts/ids.ts';
import { startTemporalServer } from '../../testbed/processes.ts';
import { holds, refuses, resetsConnection } from '../end-to-end/behaviours.ts';
import { createScriptedEnvironment, type ScriptedEnvironment } from '../end-to-end/order-environment.ts';
import { createTransferEnvironment, type TransferEnvironment } from '../end-to-end/transfer-environment.ts';

const FOLDER = fileURLToPath(new URL('histories/', import.meta.url));

/** Runs an order and returns the id of the workflow whose history is recorded. */
type OrderRecording = (environment: ScriptedEnvironment, orderId: string) => Promise<string>;

const ORDERS: Readonly<Record<string, OrderRecording>> = {
  async calm({ run }, orderId) {
    await run(orderId);
    return orderId;
  },

  async 'unknown-outcome'({ tickets, run }, orderId) {
    tickets.script('create', orderId, resetsConnection);
    await run(orderId);
    return orderId;
  },

  async surplus({ tickets, run }, orderId) {
    tickets.addTicket(orderId);
    tickets.addTicket(orderId);
    await run(orderId);
    return orderId;
  },

  async rejected({ tickets, run }, orderId) {
    tickets.script('create', orderId, refuses(422, 'PAYMENT_DECLINED'));
    await run(orderId);
    return orderId;
  },

  async cancelled({ tickets, submit, cancel, quiescence }, orderId) {
    const held = holds((call) => void call.act());
    tickets.script('create', orderId, held.behaviour);
    await submit(orderId);
    await held.reached;
    await cancel(orderId);
    held.release();
    await quiescence(orderId);
    return orderId;
  },

  async resumed({ tickets, submit, terminate, run }, orderId) {
    const held = holds((call) => void call.act());
    tickets.script('create', orderId, held.behaviour);
    await submit(orderId);
    await held.reached;
    await terminate(orderId);
    held.release();
    await run(orderId);
    return orderId;
  },

  async 'late-watch'({ client, tickets, submit, ending, watchEnding }, orderId) {
    const held = holds((call) => void call.act());
    tickets.script('create', orderId, held.behaviour);
    await submit(orderId);
    await ending(orderId);
    held.release();
    await watchEnding(orderId);
    const { runId } = await client.workflow.getHandle(orderId).describe();
    return lateWatchId(orderId, runId);
  },
};

type TransferRecording = (environment: TransferEnvironment, transferId: string) => Promise<unknown>;

const TRANSFERS: Readonly<Record<string, TransferRecording>> = {
  'transfer-calm': ({ newTransfer, run }, transferId) => run(transferId, newTransfer('', transferId).terms),

  async 'transfer-refunded'({ accounts, newTransfer, run }, transferId) {
    const { terms, to } = newTransfer('', transferId);
    accounts.script('deposit', to, accounts.refusesForEver(422, 'DEPOSIT_REJECTED'));
    await run(transferId, terms);
  },

  async 'transfer-cancelled'({ accounts, newTransfer, submit, cancel, ending }, transferId) {
    const { terms, from } = newTransfer('', transferId);
    accounts.script('withdraw', from, async ({ act, send }) => {
      await cancel(transferId);
      send(act());
    });
    await submit(transferId, terms);
    await ending(transferId);
  },
};

/** Removes the names of the recording machine from a history, and writes one event per line. */
function anonymized(history: string): string {
  const value: unknown = JSON.parse(history, (key, each) => {
    if (key === 'identity') return 'recorder';
    if (key === 'stackTrace') return '';
    return typeof each === 'string' ? each.replaceAll(`${process.pid}@${hostname()}`, 'recorder') : each;
  });
  const { events } = Object(value);
  return `{"events": [\n${events.map((event: unknown) => JSON.stringify(event)).join(',\n')}\n]}\n`;
}

const server = await startTemporalServer();
const wanted = process.argv.slice(2);
const isWanted = ([name]: readonly [string, unknown]) => wanted.length === 0 || wanted.includes(name);
const environment = await createScriptedEnvironment('none', { temporalAddress: server.address });
const transfers = await createTransferEnvironment({ temporalAddress: server.address });
await mkdir(FOLDER, { recursive: true });
await Promise.all([
  ...Object.entries(ORDERS)
    .filter(isWanted)
    .map(async ([name, record]) => save(name, await record(environment, `order-${name}`))),
  ...Object.entries(TRANSFERS)
    .filter(isWanted)
    .map(async ([name, record]) => {
      await record(transfers, name.slice(TRANSFER_ID_PREFIX.length));
      await save(name, name);
    }),
]);
await transfers.close();
await environment.close();
await server.stop();

async function save(name: string, workflowId: string): Promise<void> {
  const history = await environment.client.workflow.getHandle(workflowId).fetchHistory();
  const text = anonymized(historyToJSON(history));
  await writeFile(`${FOLDER}${name}.json`, text);
  console.log(`${name}: ${history.events?.length} events, ${text.length} bytes`);
}
