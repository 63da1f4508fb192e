import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const CACHE = join(ROOT, 'node_modules/.cache/temporal-ticketing');
const INPUTS = '// inputs: ';

/**
 * Makes one JavaScript file of a TypeScript program and all that it imports of ours; packages stay outside, but for
 * typebox, whose hundreds of files take longer to find than to run. It is kept
 * with the hashes of its sources, and made anew only when one of them has changed.
 * @param {string} program the file with the program, relative to the project's folder
 * @returns {Promise<string>} the compiled file
 */
export async function compile(program) {
  const source = resolve(ROOT, program);
  // A copy of the project may share the packages, and so this cache: the path is part of the name.
  const file = join(CACHE, `${hashOf(source).slice(0, 32)}.mjs`);
  if (!isUpToDate(file)) await compileTo(file, source);
  return file;
}

function isUpToDate(file) {
  try {
    const [firstLine] = readFileSync(file, 'utf8').split('\n', 1);
    const inputs = JSON.parse(firstLine.slice(INPUTS.length));
    return Object.entries(inputs).every(([input, hash]) => hashOf(readFileSync(join(ROOT, input))) === hash);
  } catch {
    // It is not there, or one of its sources is not, or it comes from another version of this script.
    return false;
  }
}

async function compileTo(file, source) {
  const inputs = Object.fromEntries([hashed(fileURLToPath(import.meta.url)), hashed(join(ROOT, 'package-lock.json'))]);
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [source],
    bundle: true,
    external: packagesOutside(),
    conditions: ['@exactly-one/source'],
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: 'inline',
    sourcesContent: false,
    outfile: file,
    write: false,
    logLevel: 'error',
    plugins: [readSources((path, text) => Object.assign(inputs, Object.fromEntries([hashed(path, text)])))],
  }).catch(endWithoutStack);
  mkdirSync(CACHE, { recursive: true });
  // Several processes may compile at once: each writes a file of its own, the last rename wins, all are the same.
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, `${INPUTS}${JSON.stringify(inputs)}\n${outputFiles[0].text}`);
  renameSync(temporary, file);
}

/** All but our own, and typebox, whose seven hundred small files would be read at every start. */
function packagesOutside() {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const names = Object.keys({ ...dependencies, ...devDependencies }).filter(
    (name) => !['exactly-one', 'typebox'].includes(name),
  );
  return names.flatMap((name) => [name, `${name}/*`]);
}

/** Each module keeps its own `import.meta.url`, and what was read is what is hashed. */
function readSources(onRead) {
  return {
    name: 'sources',
    setup(build) {
      build.onLoad({ filter: /\.m?[jt]s$/ }, ({ path }) => {
        const text = readFileSync(path, 'utf8');
        onRead(path, text);
        return { loader: 'ts', contents: text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)) };
      });
    },
  };
}

/** esbuild has printed what is wrong, with the line. */
function endWithoutStack(error) {
  if (!Array.isArray(error.errors)) throw error;
  process.exit(1);
}

function hashed(path, text = readFileSync(path)) {
  return [relative(ROOT, path), hashOf(text)];
}

function hashOf(text) {
  return createHash('sha256').update(text).digest('hex');
}
