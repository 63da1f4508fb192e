// Runs a TypeScript program of this repository in this process, in a fresh clone too:
//   node scripts/run.mjs src/worker/main.ts [argument ...]
// Worker threads start through it as well, so that they can run TypeScript.
import { pathToFileURL } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { ensureInstalled } from './ensure-installed.mjs';
import { bypassProxyForLoopback, ensureTemporaryFolder, loadEnvFile } from './environment.mjs';

if (isMainThread) {
  ensureTemporaryFolder();
  await ensureInstalled({ development: false });
  loadEnvFile();
  bypassProxyForLoopback();
}

// The program finds its arguments where it would without this script.
process.argv.splice(1, 1);
// Stack traces show the lines of the source.
process.setSourceMapsEnabled(true);

// Not a static import: before the installation there is no esbuild.
const { compile } = await import('./compile.mjs');
await import(pathToFileURL(await compile(process.argv[1])).href);
