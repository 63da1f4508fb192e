// Preloaded by every program of ours, `node --import ./scripts/typescript.mjs src/worker/main.ts`, so that it runs from
// source, in one process, in a fresh clone too. Worker threads inherit the option and run TypeScript as well.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { ensureInstalledOrExit } from './ensure-installed.mjs';

if (isMainThread) {
  await ensureInstalledOrExit();
  const file = fileURLToPath(new URL('../.env', import.meta.url));
  // Does not override what is set.
  if (existsSync(file)) process.loadEnvFile(file);
}

// Not a static import: before the installation there is no tsx.
const { register } = await import('tsx/esm/api');
register();
