import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** What `npm run build` has written. */
const BUILT = /^packages\/[^/]+\/dist\//;

const CODE_FOLDERS = ['packages', 'src', 'testbed', 'demos', 'evidence', 'test', 'examples'];

/** Which other areas an area, or a part with a rule of its own, may import from. `docs/design.md` explains the order. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'packages/exactly-one': [],
  'packages/exactly-one/src/protocol': [],
  'packages/exactly-one/src/contract': [],
  'packages/exactly-one/src/workflow': [],
  'packages/exactly-one/src/activities': [],
  'packages/exactly-one/src/client': [],
  'packages/exactly-one/src/http': [],
  'packages/exactly-one/src/testing': [],
  'src/contracts': [],
  'src/resilience': ['src/contracts'],
  'src/platform': ['src/contracts', 'src/resilience'],
  'src/clients': ['src/contracts', 'src/resilience', 'src/platform'],
  'src/services': ['src/contracts', 'src/resilience', 'src/platform'],
  'src/activities': ['src/contracts', 'src/resilience', 'src/platform', 'src/clients'],
  'src/worker': ['src/contracts', 'src/resilience', 'src/platform', 'src/clients', 'src/activities'],
  'src/workflows': ['src/contracts'],
  'src/starter': ['src/contracts', 'src/platform'],
  testbed: ['src'],
  demos: ['src', 'testbed', 'examples'],
  'demos/count/workflows': [],
  evidence: ['src', 'testbed'],
  'evidence/comparison/workflows': ['src/contracts', 'src/workflows'],
  test: ['src', 'testbed', 'examples'],
  examples: [],
};

/** Beside them, a test or the fixture of a test in this area may use the testbed. */
const TESTS_MAY_USE_TESTBED = /^src\//;

/** Parts of areas, and which parts of their own area they may import from. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  'packages/exactly-one/src/protocol': [],
  'packages/exactly-one/src/contract': ['protocol'],
  'packages/exactly-one/src/workflow': ['protocol', 'contract'],
  'packages/exactly-one/src/activities': ['protocol', 'contract', 'http'],
  'packages/exactly-one/src/client': ['protocol', 'contract'],
  'packages/exactly-one/src/http': ['protocol'],
  'packages/exactly-one/src/testing': ['protocol', 'contract', 'http', 'workflow', 'activities', 'client'],
  'src/platform/config': ['failpoints'],
  'src/platform/failpoints': [],
  'src/platform/files': [],
  'src/platform/logging': ['processes', 'secrets', 'terminal'],
  'src/platform/processes': ['secrets', 'terminal'],
  'src/platform/secrets': [],
  'src/platform/terminal': ['logging', 'secrets'],
  'src/platform/temporal': ['config', 'files', 'logging', 'processes', 'secrets', 'terminal'],
  'src/platform/supervisor': ['config', 'logging', 'processes', 'secrets', 'temporal', 'terminal'],
  'src/services/faults': [],
  'src/services/storage': [],
  'src/services/http': ['faults'],
  'src/services/account-api': ['faults', 'http', 'storage'],
  'src/services/ticket-system': ['faults', 'http', 'storage'],
  'demos/count/workflows': [],
  'evidence/comparison/workflows': [],
};

/** What shows an example at work. Nobody copies it, so the example itself does not import it. */
const EXAMPLE_DEMO = /^examples\/[^/]+\/demo\.ts$/;

/** What runs in a workflow's sandbox. */
const WORKFLOW_PACKAGES = /^(@temporalio\/(workflow|common)|exactly-one(\/(contract|workflow))?)$/;
const NO_PACKAGES = /^$/;

/** What an area or a part may import from npm; no entry: anything. */
const MAY_IMPORT_PACKAGES: Readonly<Record<string, RegExp>> = {
  // They run in a workflow's sandbox, in a service and in a simulation alike.
  'packages/exactly-one': NO_PACKAGES,
  'packages/exactly-one/src/protocol': NO_PACKAGES,
  'packages/exactly-one/src/contract': /^@temporalio\/common$/,
  'packages/exactly-one/src/workflow': /^@temporalio\/(workflow|common)$/,
  'packages/exactly-one/src/activities': /^(@temporalio\/(activity|common|worker)|node:.+)$/,
  'packages/exactly-one/src/http': /^node:https?$/,
  'packages/exactly-one/src/client': /^@temporalio\/(client|common)$/,
  'packages/exactly-one/src/testing': /^(@temporalio\/(client|common|worker)|node:.+)$/,
  'src/workflows': WORKFLOW_PACKAGES,
  'demos/count/workflows': WORKFLOW_PACKAGES,
  'evidence/comparison/workflows': WORKFLOW_PACKAGES,
  // What an adopter has as well.
  examples: /^(exactly-one(\/.+)?|@temporalio\/.+|node:.+)$/,
};

/**
 * The imports that break the rules, one sentence each; tests and fixtures included.
 * @param project the folder of the repository
 */
export async function wrongImports(project: string): Promise<readonly string[]> {
  const files = (await Promise.all(CODE_FOLDERS.map((folder) => filesIn(project, folder)))).flat();
  const wrong = files
    .filter((file) => file.endsWith('.ts') && !file.includes('node_modules') && !BUILT.test(file))
    .sort()
    .map(async (file) => {
      const imports = await importsOf(path.join(project, file));
      return imports.flatMap((imported) => {
        const reason = whatIsWrong(file, imported);
        return reason === undefined ? [] : [`${file} imports ${imported}: ${reason}`];
      });
    });
  return (await Promise.all(wrong)).flat();
}

async function filesIn(project: string, folder: string): Promise<readonly string[]> {
  const files = await readdir(path.join(project, folder), { recursive: true });
  return files.map((file) => path.join(folder, file));
}

/** What a file imports, as it is written there. */
export async function importsOf(file: string): Promise<readonly string[]> {
  const statements = (await readFile(file, 'utf8')).matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s*['"]([^'"]+)['"]|(?:^|[^.\w])import\(?\s*['"]([^'"]+)['"]/g,
  );
  return [...statements].map(([, from, bare]) => from ?? bare ?? '');
}

function whatIsWrong(file: string, imported: string): string | undefined {
  const area = areaOf(file);
  const rule = Object.hasOwn(MAY_IMPORT, partOf(file)) ? partOf(file) : area;
  const allowed = MAY_IMPORT[rule];
  if (allowed === undefined) return `the area ${area} has no rule yet, add one to import-direction.ts`;
  if (!imported.startsWith('.')) {
    const packages = isTestFile(file) ? undefined : MAY_IMPORT_PACKAGES[rule];
    return packages === undefined || packages.test(imported) ? undefined : `${rule} may not import this package`;
  }
  const target = path.normalize(path.join(path.dirname(file), imported));
  const targetArea = areaOf(target);
  if (targetArea === area) return wrongPart(file, target);
  if (allowed.some((each) => targetArea === each || targetArea.startsWith(`${each}/`))) return undefined;
  if (targetArea === 'testbed' && isTestFile(file) && TESTS_MAY_USE_TESTBED.test(file)) return undefined;
  return `${rule} may import from ${allowed.join(', ') || 'no other area'}`;
}

function wrongPart(file: string, target: string): string | undefined {
  const part = partOf(file);
  const targetPart = partOf(target);
  if (part !== targetPart && EXAMPLE_DEMO.test(targetPart) && !isTestFile(file)) {
    return 'an example may not import its demo';
  }
  const allowed = PARTS[part];
  if (part === targetPart || allowed === undefined || allowed.some((each) => targetPart.endsWith(`/${each}`))) {
    return undefined;
  }
  return `${part} may import from ${allowed.join(', ') || 'no other part'}`;
}

/** `testbed`, `src/workflows`, `packages/exactly-one`: the top folder, and for source the folder in it. */
function areaOf(file: string): string {
  const [top = '', folder = ''] = file.split(path.sep);
  return top === 'src' || top === 'packages' ? `${top}/${folder}` : top;
}

function partOf(file: string): string {
  const depth = file.startsWith(`packages${path.sep}`) ? 4 : 3;
  return file.split(path.sep).slice(0, depth).join('/');
}

function isTestFile(file: string): boolean {
  return /\.(test|fixture)\.ts$/.test(file);
}
