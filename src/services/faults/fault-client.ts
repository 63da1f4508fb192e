import { Value } from 'typebox/value';
import { errorMessages } from '../../contracts/errors.ts';
import { ErrorResponse, splitCredentials } from '../../contracts/http.ts';
import { maskOutput } from '../../platform/secrets/mask-output.ts';
import type { FaultChoice, FaultPlanState } from './fault-plan.ts';
import type { FaultPoints } from './fault-rules.ts';
import { faultSchemas } from './fault-schemas.ts';

const TIMEOUT_MS = 2_000;

/** The plan of a running service could not be read or changed; the message says why and what to do. */
export class FaultsUnavailable extends Error {
  override readonly name = 'FaultsUnavailable';
}

interface FaultyService<Point extends string> {
  /** For people, such as `ticket system`. */
  readonly title: string;
  readonly url: string;
  /** What to do when it does not respond. */
  readonly remedy: string;
  readonly points: FaultPoints<Point>;
  readonly presetNames: readonly string[];
}

/**
 * Reads the fault plan of a running service, or replaces it.
 * @param choice default: the plan stays as it is
 * @returns the plan that holds from now on
 * @throws FaultsUnavailable within 2 s
 */
export async function callFaults<Point extends string>(
  service: FaultyService<Point>,
  choice?: FaultChoice<Point>,
): Promise<FaultPlanState<Point>> {
  const { address, headers } = splitCredentials(service.url);
  const body = choice === undefined ? {} : { method: 'PUT', body: JSON.stringify(choice) };
  const request = async () => {
    const response = await fetch(`${address}/faults`, {
      ...body,
      headers: { ...headers, ...(choice === undefined ? {} : { 'content-type': 'application/json' }) },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { ok: response.ok, status: response.status, text: await response.text() };
  };
  const { ok, status, text } = await request().catch((error: unknown) => {
    const reason = maskOutput(errorMessages(error)).replace('fetch failed: ', '');
    throw new FaultsUnavailable(
      `no ${service.title} responds at ${maskOutput(service.url)} (${reason}): ${service.remedy}`,
      { cause: error },
    );
  });
  const plan = parsed(text);
  const { state } = faultSchemas(service.points, service.presetNames);
  if (ok && Value.Check(state, plan)) return plan;
  const reason = Value.Check(ErrorResponse, plan) ? plan.error : `it responded ${status}: ${text.slice(0, 200)}`;
  throw new FaultsUnavailable(
    `${maskOutput(service.url)} is not our ${service.title}, or refuses: ${maskOutput(reason)}`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
