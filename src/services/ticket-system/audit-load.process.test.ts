import { mkdir, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '../../platform/logging/logger.ts';
import { createServer, type Server } from '../http/create-server.ts';
import { createRequestsInFlight } from '../http/requests-in-flight.ts';
import { type Audit, auditDatabase } from './audit.ts';
import { addAuditRoute } from './routes/audit.ts';
import { startTicketSystem, until } from './ticket-system.fixture.ts';

const COUNTS = { orders: 0, exactlyOne: 0, duplicates: 0, missing: 0, voided: 0, sends: 0, commits: 0 };
const AUDIT: Audit = { counts: COUNTS, problems: [] };

describe('requests for the audit', () => {
  let app: Server;
  let address: string;
  let received: number;
  let audits: { signal: AbortSignal; end: (audit: Audit) => void }[];
  beforeEach(async () => {
    audits = [];
    received = 0;
    app = createServer({ logger: createLogger('service', 'silent') });
    app.addHook('preHandler', async () => {
      received += 1;
    });
    const audit = (signal: AbortSignal) =>
      new Promise<Audit>((resolve, reject) => {
        audits.push({ signal, end: resolve });
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    addAuditRoute(app, audit, createRequestsInFlight());
    address = await app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterEach(async () => {
    for (const { end } of audits) end(AUDIT);
    app.server.closeAllConnections();
    await app.close();
  });

  const request = () => http.get(`${address}/audit`, { agent: false }).on('error', () => undefined);

  it('run one audit at a time, and share the next one', async () => {
    const responses = Array.from({ length: 20 }, () => fetch(`${address}/audit`));
    await until(() => received === 20);
    expect(audits).toHaveLength(1);
    audits[0]?.end(AUDIT);
    await until(() => audits.length === 2);
    audits[1]?.end(AUDIT);
    expect((await Promise.all(responses)).map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(audits).toHaveLength(2);
  });

  it('stop it when the last of their clients has gone', async () => {
    const clients = [request(), request()];
    await until(() => received === 2);
    for (const client of clients) client.destroy();
    await until(() => audits[0]?.signal.aborted === true);
    let response: http.IncomingMessage | undefined;
    request().once('response', (first) => (response = first));
    // The second client may have begun an audit of its own before it was noticed that it has gone.
    await until(() => {
      for (const { end } of audits.slice(1)) end(AUDIT);
      return response !== undefined;
    });
    expect(response?.statusCode).toBe(200);
    response?.resume();
  });
});

describe('the audit of a large database', () => {
  it('takes time in proportion to its size, and lets other work run in between', async () => {
    const system = await startTicketSystem();
    try {
      const auditOf = async (lines: number) => {
        await writeLedger(system.databaseDir, lines);
        return effortOf(() => auditDatabase(system.databaseDir));
      };
      await auditOf(2_000);
      const small = await auditOf(2_000);
      const large = await auditOf(16_000);
      // Eight times the lines: a search that compares every line with every other would take 64 times as long.
      expect(large.processorMs).toBeLessThan(32 * small.processorMs);
      // It handles the lines twice, 500 at a time.
      expect(large.timesForOthers).toBeGreaterThanOrEqual(60);
    } finally {
      await system.stop();
    }
  });

  it('stops when it is aborted', async () => {
    const system = await startTicketSystem();
    try {
      await writeLedger(system.databaseDir, 5_000);
      await mkdir(join(system.databaseDir, 'tickets', 'order-1'));
      await expect(auditDatabase(system.databaseDir, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    } finally {
      await system.stop();
    }
  });
});

async function writeLedger(databaseDir: string, lines: number): Promise<void> {
  const line = (index: number) =>
    `{"kind":"received","at":"2026-01-31T12:00:00.000Z","orderID":"order-${index}","requestID":"run/${index}/1"}\n`;
  await writeFile(join(databaseDir, 'ledger.jsonl'), Array.from({ length: lines }, (_, index) => line(index)).join(''));
}

/** The processor time that some work takes, and how often it lets something else run. */
async function effortOf(work: () => Promise<unknown>): Promise<{ processorMs: number; timesForOthers: number }> {
  let timesForOthers = 0;
  let isDone = false;
  const before = process.cpuUsage();
  const done = work().finally(() => {
    isDone = true;
  });
  while (!isDone) {
    await new Promise((resolve) => setImmediate(resolve));
    timesForOthers += 1;
  }
  await done;
  const { user, system } = process.cpuUsage(before);
  return { processorMs: (user + system) / 1_000, timesForOthers };
}
