import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** The types that the protocol is written in: nothing that knows the product, for they are lifted with it. */
const PROTOCOL_TYPES = ['contracts/guarantee.ts', 'contracts/intervals.ts', 'contracts/tickets.ts'];

/** What may be copied into a system of one's own: docs/your-own-service.md lists it. */
const FOR_EVERY_SERVICE = [
  'protocol',
  ...PROTOCOL_TYPES,
  'clients/read-answer.ts',
  'clients/send-request.ts',
  'starter/submit.ts',
  'workflows/cancellation.ts',
  'workflows/unreported-outcome.ts',
];

/** Which folders of `src`, or which of their files, a folder may import from, beside itself: imports point one way. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  contracts: [],
  protocol: PROTOCOL_TYPES,
  resilience: ['contracts', 'protocol'],
  logging: ['contracts', 'protocol'],
  config: ['contracts', 'protocol'],
  storage: ['contracts', 'protocol', 'resilience', 'processes'],
  faults: ['contracts', 'protocol', 'resilience'],
  processes: ['resilience'],
  clients: ['contracts', 'protocol', 'resilience', 'logging', 'config'],
  services: ['contracts', 'protocol', 'resilience', 'logging', 'config', 'storage', 'faults', 'processes'],
  temporal: ['contracts', 'resilience', 'config', 'processes'],
  activities: ['contracts', 'protocol', 'resilience', 'logging', 'faults', 'clients'],
  workflows: ['contracts', 'protocol'],
  worker: ['contracts', 'protocol', 'resilience', 'faults', 'logging', 'config', 'processes', 'temporal', 'activities'],
  starter: ['contracts', 'protocol', 'resilience', 'logging', 'config', 'processes', 'temporal'],
  'without-temporal': ['contracts', 'resilience', 'storage', 'config', 'processes', 'clients'],
  supervisor: ['config', 'processes', 'temporal'],
  labs: [
    ...['contracts', 'protocol', 'resilience', 'storage', 'faults', 'logging', 'clients', 'services', 'processes'],
    'simulation/seeded-random.ts',
  ],
  simulation: ['contracts', 'protocol', 'logging', 'processes'],
  'comparison/workflows': ['contracts', 'protocol', 'workflows'],
  demos: ['contracts', 'protocol', 'faults', 'logging', 'processes', 'services', 'starter', 'temporal'],
  'examples/shipping-labels': FOR_EVERY_SERVICE,
  'examples/shipping-labels/demo': [
    ...FOR_EVERY_SERVICE,
    ...['examples/shipping-labels', 'faults', 'logging', 'processes', 'temporal'],
  ],
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
 * @param project the folder of `src` and `examples`
 */
export async function wrongImports(project: string): Promise<readonly string[]> {
  const wrong: string[] = [];
  const files = (await Promise.all(['src', 'examples'].map((folder) => filesIn(project, folder)))).flat();
  for (const file of files.filter((each) => each.endsWith('.ts') && !each.endsWith('.test.ts')).sort()) {
    for (const imported of await importsOf(path.join(project, file))) {
      const reason = whatIsWrong(file, imported);
      if (reason !== undefined) wrong.push(`${file} imports ${imported}: ${reason}`);
    }
  }
  return wrong;
}

async function filesIn(project: string, folder: string): Promise<readonly string[]> {
  const files = await readdir(path.join(project, folder), { recursive: true });
  return files.map((file) => path.join(folder, file));
}

/** What a file imports, as it is written there. */
export async function importsOf(file: string): Promise<readonly string[]> {
  const statements = (await readFile(file, 'utf8')).matchAll(
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
  if (target.startsWith('scripts/')) return undefined;
  const targetFolder = folderOf(target);
  if (targetFolder === folder || allowed.includes(targetFolder) || allowed.includes(target.replace(/^src\//, ''))) {
    return undefined;
  }
  return `${folder} may import from ${allowed.join(', ') || 'no other folder'}`;
}

/** The name of a folder of `src`, or of one within it that has rules of its own; the path of any other. */
function folderOf(file: string): string {
  const [top, folder = '', inner = ''] = file.split(path.sep);
  if (top !== 'src') return path.dirname(file);
  const nested = `${folder}/${inner}`;
  return Object.hasOwn(MAY_IMPORT, nested) ? nested : folder;
}
