// A program for tests: reads the vault and sends a create with a deadline, like a worker. It stops itself, as SIGSTOP does
// it from outside, when it has begun to connect for the create: the kernel finishes the connection meanwhile.
import net from 'node:net';
import { createTicketSystemClient } from './ticket-system.ts';

const [, , baseUrl = ''] = process.argv;
const token = 'a-token';
const client = createTicketSystemClient({ baseUrl });

await client.getPaymentMethod('R-1', 'primary', { timeoutMs: 30_000, token });
const deadlineMs = Date.now() + 1_000;
const timeLeftMs = () => deadlineMs - Date.now();
const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (this: net.Socket, ...given: unknown[]) {
  const socket: net.Socket = Reflect.apply(connect, this, given);
  console.log(`process ${process.pid} stops; its deadline is ${deadlineMs}`);
  process.kill(process.pid, 'SIGSTOP');
  return socket;
};
const create = {
  orderId: 'order-1',
  reservationId: 'R-1',
  paymentInfo: 'VISA-1',
  deadlineMs,
  requestId: 'r/1/1',
};
const { exchange } = await client.createTicket(create, {
  timeoutMs: timeLeftMs(),
  mayStillBeSent: () => timeLeftMs() > 0,
  token,
});
console.log(`exchange ${JSON.stringify(exchange)}`);
// The test ends it.
setInterval(() => undefined, 10_000);
