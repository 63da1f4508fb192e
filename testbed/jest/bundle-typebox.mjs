import { existsSync, readFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The names that are imported. */
const MODULES = ['typebox', 'typebox/compile', 'typebox/format', 'typebox/value'];

/**
 * Jest reads all imported modules again for every test file, and typebox has seven hundred small ones. This bundles them
 * into a few files, once for each version.
 * @returns {Promise<Record<string, string>>} for jest's `moduleNameMapper`
 */
export async function bundleTypebox() {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'node_modules/typebox/package.json'), 'utf8'));
  const folder = join(ROOT, `node_modules/.cache/temporal-ticketing/typebox-${version}`);
  if (!existsSync(folder)) await bundleInto(folder);
  return Object.fromEntries(MODULES.map((name) => [`^${name}$`, join(folder, fileOf(name))]));
}

async function bundleInto(folder) {
  const temporary = `${folder}.${process.pid}`;
  await build({
    absWorkingDir: ROOT,
    entryPoints: MODULES.map((name) => ({ in: name, out: fileOf(name).replace('.mjs', '') })),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    outdir: temporary,
    outExtension: { '.js': '.mjs' },
    logLevel: 'error',
  });
  // Another process may have finished first; then its files are used.
  await rename(temporary, folder).catch(() => rm(temporary, { recursive: true }));
}

const fileOf = (name) => `${name.replace('/', '-')}.mjs`;
