// Tests depend neither on the user's settings nor on his proxy. Jest's workers and all processes that tests start inherit
// the environment of this process. Proxies stay: pip needs them to download the Temporal CLI.
import { readFileSync } from 'node:fs';
import { bypassProxyForLoopback } from '../../scripts/environment.mjs';

const KEPT = ['TEMPORAL_CLI_PATH'];

const documented = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
const settings = Array.from(documented.matchAll(/^#([A-Z_]+)=/gm), ([, name]) => name);

for (const name of Object.keys(process.env)) {
  if ((name.startsWith('TEMPORAL_') || settings.includes(name)) && !KEPT.includes(name)) delete process.env[name];
}
delete process.env.NODE_ENV;
process.env.ENV_FILE = 'none';
// Some tests let another user run what they have written.
process.umask(0o022);
bypassProxyForLoopback();
