import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Which folders of `src` a folder may import from, beside itself: imports point one way. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  contracts: [],
  protocol: ['contracts'],
  resilience: ['contracts', 'protocol'],
  logging: ['contracts', 'protocol'],
  config: ['contracts', 'protocol'],
  storage: ['contracts', 'protocol', 'resilience', 'processes'],
  faults: ['contracts', 'protocol', 'resilience'],
  processes: ['resilience'],
  clients: ['contracts', 'protocol', 'resilience', 'logging', 'config'],
  services: ['contracts', 'protocol', 'resilience', 'logging', 'config', 'storage', 'faults', 'processes'],
  temporal: ['contracts', 'resilience', 'config', 'processes'],
  activities: ['contracts', 'protocol', 'resilience', 'logging', 'clients'],
  workflows: ['contracts', 'protocol'],
  worker: ['contracts', 'protocol', 'resilience', 'logging', 'config', 'processes', 'temporal', 'activities'],
  starter: ['contracts', 'protocol', 'resilience', 'logging', 'config', 'processes', 'temporal'],
  'without-temporal': ['contracts', 'resilience', 'storage', 'config', 'processes', 'clients'],
  supervisor: ['config', 'processes', 'temporal'],
  labs: ['contracts', 'protocol', 'resilience', 'storage', 'faults', 'logging', 'clients', 'services', 'processes'],
  simulation: ['contracts', 'protocol', 'logging', 'processes'],
  'comparison/workflows': ['contracts', 'protocol', 'workflows'],
  demos: ['contracts', 'protocol', 'faults', 'logging', 'processes', 'services', 'starter', 'temporal'],
  comparison: [
    ...['comparison/workflows', 'contracts', 'protocol', 'resilience', 'faults', 'logging', 'config', 'processes'],
    ...['clients', 'services', 'starter', 'worker', 'labs', 'demos'],
  ],
};

/** What runs in a workflow's sandbox. */
const WORKFLOW_PACKAGES = /^@temporalio\/(workflow|common)$/;

/** What a folder may import from outside the project; no entry: anything. */
const MAY_IMPORT_PACKAGES: Readonly<Record<string, RegExp>> = {
  // Its own words only: it runs in a workflow's sandbox, in a service and in a simulation alike.
  protocol: /^$/,
  workflows: WORKFLOW_PACKAGES,
  'comparison/workflows': WORKFLOW_PACKAGES,
};

/**
 * The imports that point the wrong way, a sentence each.
 * @param sourceFolder the `src` folder
 */
export async function wrongImports(sourceFolder: string): Promise<readonly string[]> {
  const wrong: string[] = [];
  const files = await readdir(sourceFolder, { recursive: true });
  for (const file of files.filter((each) => each.endsWith('.ts') && !each.endsWith('.test.ts')).sort()) {
    const text = await readFile(path.join(sourceFolder, file), 'utf8');
    for (const imported of importsOf(text)) {
      const reason = whatIsWrong(file, imported);
      if (reason !== undefined) wrong.push(`${file} imports ${imported}: ${reason}`);
    }
  }
  return wrong;
}

function importsOf(text: string): readonly string[] {
  const statements = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s*['"]([^'"]+)['"]|import\(?\s*['"]([^'"]+)['"]/g,
  );
  return [...statements].map(([, from, bare]) => from ?? bare ?? '');
}

function whatIsWrong(file: string, imported: string): string | undefined {
  const folder = folderOf(file);
  const allowed = MAY_IMPORT[folder];
  if (allowed === undefined) return `the folder ${folder} has no rule yet, give it one in import-direction.ts`;
  if (!imported.startsWith('.')) {
    const packages = MAY_IMPORT_PACKAGES[folder];
    return packages === undefined || packages.test(imported) ? undefined : `${folder} may not import such a package`;
  }
  const target = path.normalize(path.join(path.dirname(file), imported));
  if (target.startsWith('..')) return target.startsWith('../scripts/') ? undefined : 'it lies outside of src';
  const targetFolder = folderOf(target);
  if (targetFolder === folder || allowed.includes(targetFolder)) return undefined;
  return `${folder} may import from ${allowed.join(', ') || 'no other folder'}`;
}

/** The folder of a file; one within another that has rules of its own counts by itself. */
function folderOf(file: string): string {
  const [folder = '', inner = ''] = file.split(path.sep);
  const nested = `${folder}/${inner}`;
  return Object.hasOwn(MAY_IMPORT, nested) ? nested : folder;
}
