import AsyncLock from 'async-lock';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { classifyFailure } from './classify.ts';
import { fingerprint } from './idempotency-key.ts';

/** A run of an effect under a key, finished or not. */
export interface StoredRun {
  /** Fingerprint of the payload. */
  readonly fingerprint: string;
  /** For people, such as `process 7 on host web-1`. */
  readonly claimedBy: string;
  /** Whether it was claimed through another store that is still open. Then the effect may still be running. */
  readonly heldElsewhere: boolean;
  /** Absent until the effect has returned a result. */
  readonly result?: { readonly value: unknown };
}

/** Stores claims and results. What it stores is durable once the promise resolves. */
export interface RunOnceStore {
  find(key: string): Promise<StoredRun | undefined>;
  /** Claims a key for this process. Only one process can. */
  claim(key: string, fingerprint: string): Promise<'claimed' | 'exists'>;
  /** @param value JSON */
  record(key: string, value: unknown): Promise<void>;
  release(key: string): Promise<void>;
  /** Tells people how to resolve a run whose outcome is unknown. */
  howToResolve(key: string): string;
}

/** The key was used with a different payload. The effect was not run. */
export class KeyReused extends Error {
  override readonly name = 'KeyReused';

  constructor(key: string) {
    super(`the idempotency key ${key} was used with a different payload: use a new key for each payload`);
  }
}

/** Another process, which still runs, has claimed the key. The effect was not run here. */
export class InFlight extends Error {
  override readonly name = 'InFlight';
}

/** The effect was started, and it is unknown whether it happened. It is not run again until somebody has found out. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';

  constructor(key: string, reason: string, howToResolve: string, options?: ErrorOptions) {
    super(`the outcome of ${key} is unknown (${reason}): ${howToResolve}`, options);
  }
}

interface Run<Schema extends TSchema> {
  readonly key: string;
  /** Must have a canonical form, and be the same for all runs with this key. */
  readonly payload: unknown;
  /** The schema of the result, which must be JSON. */
  readonly schema: Schema;
  readonly effect: () => Promise<Static<Schema>>;
  /**
   * Whether an error proves that no attempt had an effect; default: if `classifyFailure` says that it is permanent.
   * That is not enough if `effect` retries without an idempotency key: an attempt before the refused one may have taken
   * effect.
   */
  readonly hadNoEffect?: (error: unknown) => boolean;
}

const isRefusal = (error: unknown) => classifyFailure(error).kind === 'permanent';

/**
 * Creates a function that runs an effect once for each key, across processes and crashes, and returns the stored result
 * from then on. It stores a claim before the effect and the result after it. A crash in between leaves a claim without
 * a result, which is reported as unknown. Callers of one key in this process wait for each other.
 * @param store of its own: callers wait for each other only within one such function
 */
export function createRunOnce(store: RunOnceStore) {
  const lock = new AsyncLock({ maxPending: Number.POSITIVE_INFINITY });

  /**
   * @returns the stored result of the first run
   * @throws KeyReused, InFlight, OutcomeUnknown; the error of the effect if it had no effect, and then the key is free
   *   again; TypeError for a payload without a canonical form or a stored result that does not match its schema
   */
  return async function runOnce<Schema extends TSchema>(run: Run<Schema>): Promise<Static<Schema>> {
    const payloadFingerprint = fingerprint(run.payload);
    return lock.acquire(run.key, async () => {
      const earlier = await store.find(run.key);
      if (earlier !== undefined) return replay(store, run, earlier, payloadFingerprint);
      if ((await store.claim(run.key, payloadFingerprint)) === 'claimed') await perform(store, run);
      const stored = await store.find(run.key);
      if (stored === undefined) throw new InFlight(`another process was using ${run.key} just now: try again`);
      return replay(store, run, stored, payloadFingerprint);
    });
  };
}

function replay<Schema extends TSchema>(
  store: RunOnceStore,
  { key, schema }: Run<Schema>,
  stored: StoredRun,
  payloadFingerprint: string,
): Static<Schema> {
  if (stored.fingerprint !== payloadFingerprint) throw new KeyReused(key);
  if (stored.result === undefined) {
    if (!stored.heldElsewhere) {
      throw new OutcomeUnknown(key, 'it started and has no result', store.howToResolve(key));
    }
    throw new InFlight(`${stored.claimedBy} is using ${key}: try again later`);
  }
  const { value } = stored.result;
  if (!Value.Check(schema, value)) throw new TypeError(`the stored result of ${key} does not match its schema`);
  return value;
}

async function perform<Schema extends TSchema>(store: RunOnceStore, run: Run<Schema>): Promise<void> {
  const { key, effect, hadNoEffect = isRefusal } = run;
  const unknown = (reason: string, cause: unknown) =>
    new OutcomeUnknown(key, reason, store.howToResolve(key), { cause });
  let result: Static<Schema>;
  try {
    result = await effect();
  } catch (error) {
    let noEffect: boolean;
    try {
      noEffect = hadNoEffect(error);
    } catch (problem) {
      throw unknown('it failed, and so did the check whether it had an effect', new AggregateError([error, problem]));
    }
    if (!noEffect) throw unknown('it failed', error);
    await store.release(key).catch((releaseError: unknown) => {
      throw unknown('it was refused, but the key could not be released', new AggregateError([error, releaseError]));
    });
    throw error;
  }
  await store.record(key, result).catch((error: unknown) => {
    throw unknown('it finished, but its result could not be stored', error);
  });
}
