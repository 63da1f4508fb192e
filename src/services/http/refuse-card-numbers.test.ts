import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createLogger } from '../../platform/logging/logger.ts';
import { createServer, type Server } from './create-server.ts';
import { addHealthRoute } from './health-route.ts';

let app: Server;
let lines: string[];
beforeEach(() => {
  lines = [];
  app = createServer({ logger: createLogger('service', 'info', { write: (line: string) => void lines.push(line) }) });
  addHealthRoute(app);
});
afterEach(() => app.close());

const encodedTwice = (text: string) => encodeURIComponent(encodeURIComponent(text));

it.each([
  ['between dashes of a typesetter', encodeURIComponent('1234\u20135678\u20139012\u20132526')],
  ['in digits of full width', encodeURIComponent('\uff11\uff12\uff13\uff145678\uff19\uff10\uff11\uff122526')],
  ['between tabs', '1234%095678%099012%092526'],
  ['whose spaces are encoded twice', encodedTwice('1234 5678 9012 2526')],
  ['whose digits are encoded twice', '%2531234567890122526'],
])('a card number %s is refused in an address and not logged', async (_, text) => {
  const response = await app.inject(`/health?x=${text}`);
  expect([response.statusCode, response.json().code]).toEqual([400, 'INVALID_REQUEST']);
  expect(lines.join('')).toContain('"status":400');
  for (const part of [text, '5678']) expect(lines.join('')).not.toContain(part);
});

it.each(['%', '%zz', '%ff%fe', '100%25', '%25%25%25'])('an address with %s is no card number', async (text) => {
  expect((await app.inject(`/health?x=${text}`)).json().error).not.toContain('card number');
});
