import AsyncLock from 'async-lock';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { classifyFailure } from './classify.ts';
import { fingerprint } from './idempotency-key.ts';

/** Who ran, or runs, the effect of a key, and what came of it. */
export interface StoredRun {
  /** Of the payload. */
  readonly fingerprint: string;
  readonly processId: number;
  /** Whether that is another process, and alive: then the effect may still run. */
  readonly heldElsewhere: boolean;
  /** Absent until the effect has ended with a result. */
  readonly result?: { readonly value: unknown };
}

/** Where claims and results are kept. Whatever it has stored is durable when its promise is fulfilled. */
export interface RunOnceStore {
  find(key: string): Promise<StoredRun | undefined>;
  /** Claims a key for this process, which only one of all processes can. */
  claim(key: string, fingerprint: string): Promise<'claimed' | 'exists'>;
  /** @param value JSON */
  record(key: string, value: unknown): Promise<void>;
  release(key: string): Promise<void>;
  /** What a person does when nobody knows whether the effect happened. */
  howToResolve(key: string): string;
}

/** The key was used with another payload: nothing was run. */
export class KeyReused extends Error {
  override readonly name = 'KeyReused';

  constructor(key: string) {
    super(`the idempotency key ${key} was used with another payload: use a key of its own for each`);
  }
}

/** Another process that is alive has claimed the key: nothing was run here. */
export class InFlight extends Error {
  override readonly name = 'InFlight';
}

/** The effect was begun and nobody knows whether it happened. It is not run again before a person has found out. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';

  constructor(key: string, reason: string, howToResolve: string, options?: ErrorOptions) {
    super(`the outcome of ${key} is unknown (${reason}): ${howToResolve}`, options);
  }
}

export interface Run<Schema extends TSchema> {
  readonly key: string;
  /** Has a canonical form; the same key belongs to equal payloads only. */
  readonly payload: unknown;
  /** Of the result, which is JSON. */
  readonly schema: Schema;
  readonly effect: () => Promise<Static<Schema>>;
  /**
   * Whether a failure proves that there was no effect, of no attempt; default: that it is a permanent one of
   * `classifyFailure`. That proves nothing where `effect` tries again without a key of the remote side: the attempt
   * before the refused one may have had its effect.
   */
  readonly nothingHappened?: (error: unknown) => boolean;
}

const isRefusal = (error: unknown) => classifyFailure(error).kind === 'permanent';

/**
 * Runs an effect once for each key, across processes and their crashes, and replays its result ever after. A claim is
 * stored before the effect and its result after: a crash between the two leaves the claim alone, which is reported and
 * never guessed about. Callers of one key in this process wait for each other.
 * @param store has one such function in each process: a second one's claims would look like those of an earlier process
 */
export function createRunOnce(store: RunOnceStore) {
  const lock = new AsyncLock({ maxPending: Number.POSITIVE_INFINITY });

  /**
   * @returns the result of the first run, as it was stored
   * @throws KeyReused, InFlight, OutcomeUnknown; the effect's own error when nothing happened, and the key is free
   *   again; TypeError for a payload without a canonical form or a stored result that does not fit its schema
   */
  return async function runOnce<Schema extends TSchema>(run: Run<Schema>): Promise<Static<Schema>> {
    const ofPayload = fingerprint(run.payload);
    return lock.acquire(run.key, async () => {
      const earlier = await store.find(run.key);
      if (earlier !== undefined) return replay(store, run, earlier, ofPayload);
      if ((await store.claim(run.key, ofPayload)) === 'claimed') await perform(store, run);
      const stored = await store.find(run.key);
      if (stored === undefined) throw new InFlight(`${run.key} was run elsewhere just now: try again`);
      return replay(store, run, stored, ofPayload);
    });
  };
}

function replay<Schema extends TSchema>(
  store: RunOnceStore,
  { key, schema }: Run<Schema>,
  stored: StoredRun,
  ofPayload: string,
): Static<Schema> {
  if (stored.fingerprint !== ofPayload) throw new KeyReused(key);
  if (stored.result === undefined) {
    const how = store.howToResolve(key);
    if (!stored.heldElsewhere) throw new OutcomeUnknown(key, 'it started and has no result', how);
    throw new InFlight(`${key} is run by process ${stored.processId}; should that process do something else: ${how}`);
  }
  const { value } = stored.result;
  if (!Value.Check(schema, value)) throw new TypeError(`the stored result of ${key} does not fit its schema`);
  return value;
}

async function perform<Schema extends TSchema>(store: RunOnceStore, run: Run<Schema>): Promise<void> {
  const { key, effect, nothingHappened = isRefusal } = run;
  const unknown = (reason: string, cause: unknown) =>
    new OutcomeUnknown(key, reason, store.howToResolve(key), { cause });
  let result: Static<Schema>;
  try {
    result = await effect();
  } catch (error) {
    if (!nothingHappened(error)) throw unknown('it failed', error);
    await store.release(key).catch((ofRelease: unknown) => {
      throw unknown('it was refused, which could not be stored', new AggregateError([error, ofRelease]));
    });
    throw error;
  }
  await store.record(key, result).catch((error: unknown) => {
    throw unknown('it ended, and its result could not be stored', error);
  });
}
