import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Type } from 'typebox';
import { fingerprint } from './idempotency-key.ts';
import { createRunOnce, InFlight, KeyReused, OutcomeUnknown, type RunOnceStore, type StoredRun } from './run-once.ts';

const Receipt = Type.Object({ newBalanceCents: Type.Integer() });
const RECEIPT = { newBalanceCents: 900 };
const REFUSAL = Object.assign(new Error('insufficient funds'), { status: 422 });
/** A claim with the fingerprint of the withdrawal's payload. */
const CLAIM = { fingerprint: fingerprint({ amountCents: 100 }) };
const LOST = Object.assign(new Error('the response was lost'), { code: 'ECONNRESET' });

/** A store in memory that survives the simulated processes of a test; `break` makes a step fail. */
function createStoreInMemory(claimedBy: string, stored = new Map<string, StoredRun>()) {
  const broken = new Set<keyof RunOnceStore>();
  const step = async (name: keyof RunOnceStore) => {
    await Promise.resolve();
    if (broken.has(name)) throw new Error(`${name}: the disk is full`);
  };
  const find = (key: string) => stored.get(key);
  const store: RunOnceStore = {
    async find(key) {
      await step('find');
      return find(key);
    },
    async claim(key, ofPayload) {
      await step('claim');
      if (stored.has(key)) return 'exists';
      stored.set(key, { fingerprint: ofPayload, claimedBy, heldElsewhere: false });
      return 'claimed';
    },
    async record(key, value) {
      await step('record');
      const claim = find(key);
      if (claim === undefined) throw new Error('recorded without a claim');
      stored.set(key, { ...claim, result: { value: JSON.parse(JSON.stringify(value)) } });
    },
    async release(key) {
      await step('release');
      stored.delete(key);
    },
    howToResolve: (key) => `check the service, then repair ${key}`,
  };
  return { store, stored, break: (name: keyof RunOnceStore) => void broken.add(name) };
}

let memory: ReturnType<typeof createStoreInMemory>;
let runOnce: ReturnType<typeof createRunOnce>;
beforeEach(() => {
  memory = createStoreInMemory('process 1');
  runOnce = createRunOnce(memory.store);
});

const withdrawal = (effect: () => Promise<typeof RECEIPT>, payload: unknown = { amountCents: 100 }) => ({
  key: 'withdraw-1',
  payload,
  schema: Receipt,
  effect,
});
const succeeding = () => jest.fn(async () => RECEIPT);
const thrownBy = (run: Promise<unknown>) => run.catch((error: unknown) => error);

describe('run once', () => {
  it('runs the effect the first time and returns its stored result from then on', async () => {
    const effect = succeeding();
    expect(await runOnce(withdrawal(effect))).toEqual(RECEIPT);
    expect(await runOnce(withdrawal(effect))).toEqual(RECEIPT);
    const afterRestart = createRunOnce(createStoreInMemory('process 2', memory.stored).store);
    expect(await afterRestart(withdrawal(effect))).toEqual(RECEIPT);
    expect(effect).toHaveBeenCalledTimes(1);
  });

  it('stores the claim before the effect starts', async () => {
    await runOnce(
      withdrawal(async () => {
        expect(memory.stored.get('withdraw-1')).toMatchObject({ claimedBy: 'process 1' });
        expect(memory.stored.get('withdraw-1')).not.toHaveProperty('result');
        return RECEIPT;
      }),
    );
    expect.assertions(2);
  });

  it('lets concurrent callers of one key wait for one effect, and returns its result to all', async () => {
    const effect = succeeding();
    const all = await Promise.all(Array.from({ length: 30 }, () => runOnce(withdrawal(effect))));
    expect(effect).toHaveBeenCalledTimes(1);
    expect(all).toEqual(Array.from({ length: 30 }, () => RECEIPT));
  });

  it('refuses the key with a different payload, but not with its properties in a different order', async () => {
    await runOnce(withdrawal(succeeding(), { account: 'account_A', amountCents: 100 }));
    const effect = succeeding();
    expect(await runOnce(withdrawal(effect, { amountCents: 100, account: 'account_A' }))).toEqual(RECEIPT);
    expect(await thrownBy(runOnce(withdrawal(effect, { account: 'account_A', amountCents: 101 })))).toBeInstanceOf(
      KeyReused,
    );
    expect(effect).not.toHaveBeenCalled();
  });

  it('reports an unknown outcome, and how to resolve it, after a crash between effect and record', async () => {
    // The process dies during its effect: only its claim is left.
    void runOnce(withdrawal(() => new Promise(() => undefined)));
    await new Promise((resolve) => setImmediate(resolve));
    const effect = succeeding();
    const afterRestart = createRunOnce(createStoreInMemory('process 2', memory.stored).store);
    const error = await thrownBy(afterRestart(withdrawal(effect)));
    expect(error).toBeInstanceOf(OutcomeUnknown);
    expect(String(error)).toContain('check the service, then repair withdraw-1');
    expect(effect).not.toHaveBeenCalled();
  });

  it('reports that the key is in flight if another live process has claimed it', async () => {
    memory.stored.set('withdraw-1', { ...CLAIM, claimedBy: 'process 77', heldElsewhere: true });
    const effect = succeeding();
    const error = await thrownBy(runOnce(withdrawal(effect)));
    expect(error).toBeInstanceOf(InFlight);
    expect(String(error)).toContain('process 77');
    expect(effect).not.toHaveBeenCalled();
  });

  it('leaves the key to another process that claims it slightly earlier', async () => {
    const claim = memory.store.claim;
    const raced = createRunOnce({
      ...memory.store,
      async claim(key, ofPayload) {
        memory.stored.set(key, { ...CLAIM, claimedBy: 'process 77', heldElsewhere: true });
        return claim(key, ofPayload);
      },
    });
    const effect = succeeding();
    expect(await thrownBy(raced(withdrawal(effect)))).toBeInstanceOf(InFlight);
    expect(effect).not.toHaveBeenCalled();
  });

  it('frees the key if the effect was refused, because it had no effect', async () => {
    expect(await thrownBy(runOnce(withdrawal(() => Promise.reject(REFUSAL))))).toBe(REFUSAL);
    expect(memory.stored.size).toBe(0);
    expect(await runOnce(withdrawal(succeeding()))).toEqual(RECEIPT);
  });

  it.each([
    ['transiently', LOST],
    ['by a bug', new TypeError('x is undefined')],
  ])('leaves the outcome unknown when the effect fails %s', async (_how, failure) => {
    const error = await thrownBy(runOnce(withdrawal(() => Promise.reject(failure))));
    expect(error).toBeInstanceOf(OutcomeUnknown);
    expect(error).toMatchObject({ cause: failure });
    const again = succeeding();
    expect(await thrownBy(runOnce(withdrawal(again)))).toBeInstanceOf(OutcomeUnknown);
    expect(again).not.toHaveBeenCalled();
  });

  it('lets the caller decide what a failure proves', async () => {
    const run = { ...withdrawal(() => Promise.reject(REFUSAL)), hadNoEffect: () => false };
    expect(await thrownBy(runOnce(run))).toBeInstanceOf(OutcomeUnknown);
    expect(memory.stored.size).toBe(1);
  });

  it('does not run the effect if it could not claim the key', async () => {
    memory.break('claim');
    const effect = succeeding();
    await expect(runOnce(withdrawal(effect))).rejects.toThrow('the disk is full');
    expect(effect).not.toHaveBeenCalled();
  });

  it.each(['record', 'release'] as const)('reports an unknown outcome if the %s fails', async (name) => {
    memory.break(name);
    const effect = name === 'record' ? succeeding() : () => Promise.reject(REFUSAL);
    const error = await thrownBy(runOnce(withdrawal(effect)));
    expect(error).toBeInstanceOf(OutcomeUnknown);
    expect(await thrownBy(runOnce(withdrawal(succeeding())))).toBeInstanceOf(OutcomeUnknown);
  });

  it('reports an unknown outcome if the check whether there was an effect fails, and keeps both errors', async () => {
    const bug = new TypeError('x is undefined');
    const hadNoEffect = () => {
      throw bug;
    };
    const error = await thrownBy(runOnce({ ...withdrawal(() => Promise.reject(REFUSAL)), hadNoEffect }));
    expect(error).toBeInstanceOf(OutcomeUnknown);
    expect(error).toMatchObject({ cause: { errors: [REFUSAL, bug] } });
  });

  it('does not return a stored result that does not match the schema', async () => {
    await runOnce(withdrawal(succeeding()));
    const other = { ...withdrawal(succeeding()), schema: Type.Object({ newBalanceCents: Type.String() }) };
    const effect = async () => ({ newBalanceCents: '9.00' });
    await expect(runOnce({ ...other, effect })).rejects.toThrow('does not match its schema');
  });

  it('refuses a payload without a canonical form before anything is stored', async () => {
    await expect(runOnce(withdrawal(succeeding(), { amountCents: Number.NaN }))).rejects.toThrow(TypeError);
    expect(memory.stored.size).toBe(0);
  });
});
