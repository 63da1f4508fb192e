import { createHash, randomUUID } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const CACHE = join(ROOT, 'node_modules/.cache/temporal-ticketing');
const HEADER = '// compiled from: ';
const DAY_MS = 86_400_000;
const VALID_MS = 7 * DAY_MS;
/** Longer than files are valid, so that no file is removed while another process is about to load it. */
const KEPT_MS = VALID_MS + DAY_MS;

/** Besides the sources, these files determine the result. */
const CONFIGURATION = ['scripts/compile.mjs', 'package.json', 'package-lock.json', 'tsconfig.json'];
/** Bundled, because reading the hundreds of files of typebox takes longer than running them. */
const BUNDLED_PACKAGES = ['exactly-one', 'typebox'];

/**
 * Bundles a TypeScript program with all files of this repository that it imports; packages stay outside. The result is
 * cached together with the hashes of these files, and built again only when one of them has changed. Where the cache
 * cannot be written, it is built for this process alone.
 * @param {string} program relative to the project folder
 * @returns {Promise<string>} the path of the JavaScript file
 */
export async function compile(program) {
  const source = resolve(ROOT, program);
  // Copies of the project may share node_modules and with it this cache, so the name is the hash of an absolute path.
  const file = join(CACHE, `${hashOf(source).slice(0, 32)}.mjs`);
  if (isUpToDate(file)) return file;
  const text = await bundle(source);
  return isCached(file, text) ? file : writeForThisProcess(text);
}

function isUpToDate(file) {
  try {
    if (ageMs(file) > VALID_MS) return false;
    const text = readFileSync(file, 'utf8');
    const end = text.indexOf('\n');
    const { inputs, code } = JSON.parse(text.slice(HEADER.length, end));
    // The file itself may have been cut off by a full disk or a crash.
    if (code !== hashOf(text.slice(end + 1))) return false;
    return Object.entries(inputs).every(([input, hash]) => hashOf(readFileSync(join(ROOT, input))) === hash);
  } catch {
    // The file or one of its inputs is missing or cannot be read, or another version of this script wrote it.
    return false;
  }
}

async function bundle(source) {
  const inputs = Object.fromEntries(CONFIGURATION.map((path) => [path, hashOf(readFileSync(join(ROOT, path)))]));
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [source],
    bundle: true,
    external: externalPackages(),
    conditions: ['@exactly-one/source'],
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: 'inline',
    sourcesContent: false,
    // Wherever the result is written, stack traces name the sources in this project.
    sourceRoot: pathToFileURL(`${ROOT}/`).href,
    // Replaced by the header below, which must not shift the lines of the source map.
    banner: { js: HEADER },
    outfile: join(ROOT, 'compiled.mjs'),
    write: false,
    logLevel: 'error',
    plugins: [readSources(inputs)],
  }).catch(exitWithoutStack);
  const [{ text: withBanner }] = outputFiles;
  const text = withBanner.slice(withBanner.indexOf('\n') + 1);
  return `${HEADER}${JSON.stringify({ inputs: sorted(inputs), code: hashOf(text) })}\n${text}`;
}

/** esbuild reads the sources in parallel, in any order; equal sources must give equal files. */
function sorted(inputs) {
  return Object.fromEntries(Object.entries(inputs).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Writes a file to the cache; whether that succeeded. */
function isCached(file, text) {
  // Several processes may compile at once: each writes its own file, and each rename replaces a file with an equal one.
  const temporary = `${file}.${randomUUID()}`;
  try {
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(temporary, text);
    renameSync(temporary, file);
  } catch {
    ignoreFailure(() => rmSync(temporary, { force: true }));
    return false;
  }
  ignoreFailure(removeOldFiles);
  return true;
}

/** Node looks for packages beside a file and in the folders above it. */
function writeForThisProcess(text) {
  const folder = mkdtempSync(join(tmpdir(), 'temporal-ticketing-compiled-'));
  process.once('exit', () => ignoreFailure(() => rmSync(folder, { recursive: true, force: true })));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const file = join(folder, 'compiled.mjs');
  writeFileSync(file, text);
  return file;
}

function ignoreFailure(action) {
  try {
    action();
  } catch {
    // The cache belongs to another user, or another process was faster.
  }
}

function externalPackages() {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const names = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !BUNDLED_PACKAGES.includes(name));
  return names.flatMap((name) => [name, `${name}/*`]);
}

/**
 * An esbuild plugin that hashes exactly the text that is compiled, and keeps the `import.meta.url` of each module.
 * Installed packages are not hashed: package-lock.json stands for them.
 */
function readSources(inputs) {
  return {
    name: 'sources',
    setup(build) {
      build.onLoad({ filter: /./, namespace: 'file' }, ({ path }) => {
        const text = readFileSync(path, 'utf8');
        const name = relative(ROOT, path);
        if (!name.split('/').includes('node_modules')) inputs[name] = hashOf(text);
        const url = JSON.stringify(pathToFileURL(path).href);
        return { loader: 'default', contents: text.replaceAll('import.meta.url', url) };
      });
    },
  };
}

/** esbuild has already printed what is wrong and where. */
function exitWithoutStack(error) {
  if (!Array.isArray(error.errors)) throw error;
  process.exit(1);
}

/** Also removes the workflow bundles, which are in the same folder. Folders stay: jest may be using them. */
function removeOldFiles() {
  const files = readdirSync(CACHE, { withFileTypes: true }).filter((entry) => entry.isFile());
  for (const path of files.map(({ name }) => join(CACHE, name))) {
    // Another process may remove it at the same moment.
    if (ageMs(path) > KEPT_MS) rmSync(path, { force: true });
  }
}

function ageMs(path) {
  return Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
}

function hashOf(text) {
  return createHash('sha256').update(text).digest('hex');
}
