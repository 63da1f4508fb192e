import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { freePort } from './free-port.ts';

test('a free port is none that the system assigns to the next server that asks for any', async () => {
  const servers = Array.from({ length: 50 }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const assigned = servers.map((server) => (server.address() as AddressInfo).port);
  const free = await Promise.all(Array.from({ length: 50 }, freePort));
  for (const server of servers) server.close();
  expect(Math.max(...free)).toBeLessThan(Math.min(...assigned));
});
