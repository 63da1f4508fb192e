// Jest loads this file before it can transform TypeScript.
import { register } from 'tsx/esm/api';

register();
const { startTestServer } = await import('./temporal-server.ts');

/** One Temporal server for all tests; each test has its own task queue and its own order ids. */
export default async function startTemporal() {
  globalThis.temporalServer = await startTestServer();
}
