import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** What the database files of the ticket system say about an order. */
export async function orderOnDisk(databaseDir: string, orderId: string) {
  const folder = path.join(databaseDir, 'tickets', orderId);
  const names = await readdir(folder);
  const read = async (file: string) => JSON.parse(await readFile(file, 'utf8'));
  const tickets = names.filter((name) => !name.startsWith('.') && !name.endsWith('.void.json'));
  const live = tickets.filter((name) => !names.includes(name.replace(/\.json$/, '.void.json')));
  const ledger = (await readFile(path.join(databaseDir, 'ledger.jsonl'), 'utf8')).trimEnd().split('\n');
  const lines = ledger.map((line) => JSON.parse(line)).filter(({ orderID }) => orderID === orderId);
  return {
    guarantee: (await read(path.join(databaseDir, 'reservations', `${orderId}.json`))).guarantee,
    tickets: tickets.length,
    live: await Promise.all(live.map(async (name) => (await read(path.join(folder, name))).ticketID)),
    temporaryFiles: names.filter((name) => name.startsWith('.')).length,
    createsReceived: lines.filter(({ kind }) => kind === 'received').length,
    commitLines: lines.filter(({ kind }) => kind === 'committed').length,
  };
}
