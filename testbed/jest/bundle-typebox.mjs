import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The names that are imported. */
const MODULES = ['typebox', 'typebox/compile', 'typebox/format', 'typebox/value'];
/** Holds the hashes of the bundled files. */
const HASHES = 'hashes.json';

/**
 * Jest reads all imported modules again for every test file, and typebox has seven hundred small ones. This bundles them
 * into a few files, once for each version. Where they cannot be written, jest uses typebox as it is.
 * @returns {Promise<Record<string, string>>} for jest's `moduleNameMapper`
 */
export async function bundleTypebox() {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'node_modules/typebox/package.json'), 'utf8'));
  const folder = join(ROOT, `node_modules/.cache/temporal-ticketing/typebox-${version}`);
  if (!isComplete(folder)) await bundleInto(folder);
  if (!isComplete(folder)) return {};
  return Object.fromEntries(MODULES.map((name) => [`^${name}$`, join(folder, fileOf(name))]));
}

/** Not if a full disk or a crash has cut a file off. */
function isComplete(folder) {
  try {
    const hashes = Object.entries(JSON.parse(readFileSync(join(folder, HASHES), 'utf8')));
    return hashes.every(([name, hash]) => hashOf(readFileSync(join(folder, name))) === hash);
  } catch {
    return false;
  }
}

async function bundleInto(folder) {
  const temporary = `${folder}.${randomUUID()}`;
  try {
    const { outputFiles } = await build({
      absWorkingDir: ROOT,
      entryPoints: MODULES.map((name) => ({ in: name, out: fileOf(name).replace('.mjs', '') })),
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      outdir: temporary,
      outExtension: { '.js': '.mjs' },
      write: false,
      logLevel: 'error',
    });
    mkdirSync(temporary, { recursive: true });
    for (const { path, contents } of outputFiles) writeFileSync(path, contents);
    const hashes = outputFiles.map(({ path, contents }) => [basename(path), hashOf(contents)]);
    writeFileSync(join(temporary, HASHES), JSON.stringify(Object.fromEntries(hashes)));
    // Another process may have finished first; then its files are used.
    if (!isComplete(folder)) await rm(folder, { recursive: true, force: true });
    await rename(temporary, folder);
  } catch {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
  }
}

function hashOf(contents) {
  return createHash('sha256').update(contents).digest('hex');
}

const fileOf = (name) => `${name.replace('/', '-')}.mjs`;
