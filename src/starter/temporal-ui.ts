import type { Settings } from '../platform/config/settings.ts';
import { isLoopback, serverOf } from '../platform/temporal/loopback.ts';

/** Links to the pages of Temporal's UI. */
export interface TemporalUi {
  readonly workflow: (workflowId: string, runId: string) => string;
  /** The list of workflows that a query finds. */
  readonly workflows: (query: string) => string;
}

type UiSettings = Pick<Settings, 'temporalUiUrl' | 'temporalPort' | 'temporalUiPort'>;

const CLOUD_HOST = /\.(tmprl\.cloud|api\.temporal\.io)$/;
const CLOUD_UI = 'https://cloud.temporal.io';

/** A development server has its UI at this distance from its port, unless another port is set. */
const UI_PORT_OFFSET = 1_000;
const MAX_PORT = 65_535;
const PROBE_TIMEOUT_MS = 2_000;

/**
 * Finds Temporal's UI. A server does not say where its UI is: that is the setting `TEMPORAL_UI_URL`, Temporal Cloud's
 * address, or a UI on this machine that responds.
 * @param address of the Temporal server: `127.0.0.1:7233`
 * @returns undefined when it is not known
 */
export async function findTemporalUi(
  { temporalUiUrl, temporalPort, temporalUiPort }: UiSettings,
  address: string,
  namespace: string,
): Promise<TemporalUi | undefined> {
  const { host, port } = serverOf(address);
  const uiPort = port === temporalPort ? temporalUiPort : port + UI_PORT_OFFSET;
  const base = temporalUiUrl ?? (CLOUD_HOST.test(host) ? CLOUD_UI : await localUi(address, uiPort));
  if (base === undefined) return undefined;
  const workflows = `${base}/namespaces/${encodeURIComponent(namespace)}/workflows`;
  return {
    workflow: (workflowId, runId) => `${workflows}/${encodeURIComponent(workflowId)}/${runId}`,
    workflows: (query) => `${workflows}?${new URLSearchParams({ query })}`,
  };
}

async function localUi(address: string, uiPort: number): Promise<string | undefined> {
  const { host } = serverOf(address);
  if (!isLoopback(address) || uiPort > MAX_PORT) return undefined;
  const base = `http://${host.includes(':') ? `[${host}]` : host}:${uiPort}`;
  try {
    const response = await fetch(`${base}/api/v1/settings`, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    const settings: unknown = await response.json();
    return response.ok && 'DefaultNamespace' in Object(settings) ? base : undefined;
  } catch {
    // Nothing that is a UI listens there.
    return undefined;
  }
}
