// Jest loads this file before it can transform TypeScript.
import { compile } from '../../scripts/compile.mjs';

const { startTestServer } = await import(await compile('testbed/jest/temporal-server.ts'));

/** One Temporal server for all end-to-end tests: each test uses its own task queue and its own order ids. */
export default async function startTemporal() {
  globalThis.temporalServer = await startTestServer();
}
