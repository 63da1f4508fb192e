// Records the histories that replay.test.ts replays: node scripts/run.mjs test/replay/record.ts [name ...]
// To be run, and its result committed, when an order takes a new way; an old history stays for as long as such orders live.
import { mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { lateWatchId, TRANSFER_ID_PREFIX } from '../../src/contracts/ids.ts';
import { startTemporalServer } from '../../testbed/processes.ts';
import { holds, refuses, resetsConnection } from '../end-to-end/behaviours.ts';
import { createScriptedEnvironment, type ScriptedEnvironment } from '../end-to-end/order-environment.ts';
import { createTransferEnvironment, type TransferEnvironment } from '../end-to-end/transfer-environment.ts';

const FOLDER = fileURLToPath(new URL('histories/', import.meta.url));

/** What happens to an order; gives the id of the workflow whose history is kept. */
type Scenario = (environment: ScriptedEnvironment, orderId: string) => Promise<string>;

const SCENARIOS: Readonly<Record<string, Scenario>> = {
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

type TransferStory = (environment: TransferEnvironment, transferId: string) => Promise<unknown>;

const TRANSFER_SCENARIOS: Readonly<Record<string, TransferStory>> = {
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

/** A history without the names of the machine on which it was recorded; an event a line. */
function scrubbed(history: string): string {
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
  ...Object.entries(SCENARIOS)
    .filter(isWanted)
    .map(async ([name, scenario]) => keep(name, await scenario(environment, `order-${name}`))),
  ...Object.entries(TRANSFER_SCENARIOS)
    .filter(isWanted)
    .map(async ([name, scenario]) => {
      await scenario(transfers, name.slice(TRANSFER_ID_PREFIX.length));
      await keep(name, name);
    }),
]);
await transfers.close();
await environment.close();
await server.stop();

async function keep(name: string, workflowId: string): Promise<void> {
  const history = await environment.client.workflow.getHandle(workflowId).fetchHistory();
  const text = scrubbed(historyToJSON(history));
  await writeFile(`${FOLDER}${name}.json`, text);
  console.log(`${name}: ${history.events?.length} events, ${text.length} bytes`);
}
