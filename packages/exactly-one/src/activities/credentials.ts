import type { CredentialsRequirement, ObtainedCredentials } from '../contract/activity-contract.ts';
import { checkOptions } from '../contract/check-options.ts';
import { quoted } from '../contract/quoted.ts';
import { isTimeMs, LATEST_TIME_MS } from '../contract/shapes.ts';
import { timeOfActivity } from './call.ts';
import { repeatableFailure } from './retry-later.ts';
import { NotSent } from './thrown-by-functions.ts';

/** What a service accepts until some time: a token, a session. */
export interface Expiring {
  /** Epoch milliseconds, by the clock of the service. */
  readonly expiresAtMs: number;
}

/** Credentials of this process. They leave it in requests to their service only. */
export type Issued<Held extends Expiring> = Held & {
  /**
   * Epoch milliseconds. It identifies and orders credentials, so it never decreases, whatever the clock does, and those
   * that were requested because of a refusal always count as issued after the refused ones.
   */
  readonly issuedAtMs: number;
};

/** How long a call waits for credentials. */
interface Waiting {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** The credentials of one worker process. */
export interface Credentials<Held extends Expiring> {
  /**
   * Credentials that satisfy the requirement, obtained now if this process holds none. Those that were just obtained are
   * returned even if they expire too early: there are no better ones.
   * @param required default: any that are valid now
   * @throws the error of the request; NotSent when the time is over or the call was cancelled
   */
  satisfying(required: CredentialsRequirement | undefined, waiting: Waiting): Promise<Issued<Held>>;
  /** The service has refused them: no call of this process uses these credentials, or older ones, again. */
  refused(issued: Pick<Issued<Held>, 'issuedAtMs'>): void;
  /** The activity to name in `credentials.obtain`: it makes its worker obtain credentials that satisfy the requirement. */
  obtain(required: CredentialsRequirement): Promise<ObtainedCredentials>;
}

const ANY: CredentialsRequirement = { notIssuedBeforeMs: 0, validUntilMs: 0 };

/**
 * The credentials of one worker process, for orders that use them. Its calls share them, and wait for the same request
 * while new ones are obtained. None stands in a history: there each worker finds only what they must satisfy.
 * @param request obtains credentials; it must have a time limit of its own, because nobody can cancel it
 * @param nowMs the wall clock in epoch milliseconds; default `Date.now`
 */
export function createCredentials<Held extends Expiring>(
  request: () => Promise<Held>,
  nowMs: () => number = Date.now,
): Credentials<Held> {
  if (typeof request !== 'function') {
    throw new TypeError(`createCredentials: request must be a function, but is ${quoted(request)}`);
  }
  let held: Issued<Held> | undefined;
  let obtaining: { readonly issuedAtMs: number; readonly credentials: Promise<Issued<Held>> } | undefined;
  let lastIssuedAtMs = 0;
  let refusedUntilMs = 0;

  const obtain = (notIssuedBeforeMs: number) => {
    const issuedAtMs = Math.max(nowMs(), notIssuedBeforeMs, lastIssuedAtMs + 1);
    lastIssuedAtMs = issuedAtMs;
    const credentials = request().then((received) => ({ ...checked(received), issuedAtMs }));
    const current = { issuedAtMs, credentials };
    const finish = (received?: Issued<Held>) => {
      if (received !== undefined && issuedAtMs > (held?.issuedAtMs ?? 0)) held = received;
      if (obtaining === current) obtaining = undefined;
    };
    credentials.then(finish, () => finish());
    return current;
  };

  const satisfying = async (required: CredentialsRequirement = ANY, waiting: Waiting): Promise<Issued<Held>> => {
    const notIssuedBeforeMs = Math.max(required.notIssuedBeforeMs, refusedUntilMs);
    const validUntilMs = Math.max(required.validUntilMs, nowMs());
    if (held !== undefined && held.issuedAtMs >= notIssuedBeforeMs && held.expiresAtMs > validUntilMs) return held;
    if (obtaining === undefined || obtaining.issuedAtMs < notIssuedBeforeMs) obtaining = obtain(notIssuedBeforeMs);
    return waitFor(obtaining.credentials, waiting);
  };

  return {
    satisfying,

    refused({ issuedAtMs }) {
      refusedUntilMs = Math.max(refusedUntilMs, issuedAtMs + 1);
    },

    async obtain(required) {
      try {
        const { expiresAtMs } = await satisfying(required, timeOfActivity());
        return { validUntilMs: Math.min(expiresAtMs, LATEST_TIME_MS) };
      } catch (error) {
        throw repeatableFailure(error);
      }
    },
  };
}

/** A time that is none would make credentials seem valid for ever, or never. */
function checked<Held extends Expiring>(received: Held): Held {
  checkOptions('createCredentials', received, { expiresAtMs: { isValid: isTimeMs, allowed: 'epoch milliseconds' } });
  return received;
}

/** Waits for credentials that other calls wait for too, so that giving up here must not stop the request. */
function waitFor<Awaited>(credentials: Promise<Awaited>, { timeoutMs, signal }: Waiting): Promise<Awaited> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new NotSent('the call was cancelled while it waited for credentials'));
    const timer = setTimeout(
      () => reject(new NotSent(`no credentials within ${timeoutMs} ms`)),
      Math.max(0, timeoutMs),
    );
    signal?.addEventListener('abort', abort);
    if (signal?.aborted) abort();
    credentials.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    });
  });
}
