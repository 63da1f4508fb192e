// Runs a program of ours from its TypeScript source, in this very process, in a fresh clone too:
//   node scripts/run.mjs src/worker/main.ts [argument ...]
// Worker threads start it the same way and run TypeScript as well.
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { ensureInstalledOrExit } from './ensure-installed.mjs';

if (isMainThread) {
  await ensureInstalledOrExit();
  const environment = fileURLToPath(new URL('../.env', import.meta.url));
  // Does not override what is set.
  if (existsSync(environment)) process.loadEnvFile(environment);
}

// The program finds its arguments where it would without this script.
process.argv.splice(1, 1);
// Stacks name the line of the source.
process.setSourceMapsEnabled(true);

// Not a static import: before the installation there is no esbuild.
const { compile } = await import('./compile.mjs');
await import(pathToFileURL(await compile(process.argv[1])).href);
