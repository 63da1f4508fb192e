import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createOnce, type Decision } from './create-once.ts';

interface Made {
  readonly by: string;
}

/** A place where one thing can be, which takes its time and refuses a second thing, with what was decided about it. */
function createPlace(pause: () => Promise<unknown> = () => Promise.resolve()) {
  const place: { thing?: Made; creates: number; decisions: Decision[] } = { creates: 0, decisions: [] };
  const look = async () => {
    await pause();
    return place.thing;
  };
  const put = async (by: string) => {
    await pause();
    place.creates += 1;
    if (place.thing !== undefined) return 'exists' as const;
    place.thing = { by };
    return place.thing;
  };
  const log = (decision: Decision) => void place.decisions.push(decision);
  return { place, look, put, log };
}

describe('a resource that is created once', () => {
  it('is looked for first, and not created when it is there', async () => {
    const { place, look, put, log } = createPlace();
    place.thing = { by: 'the past' };
    const came = await createOnce('a', { exists: look, create: () => put('me'), log });
    expect(came).toEqual({ resource: { by: 'the past' }, decision: 'exists already' });
    expect(place).toMatchObject({ creates: 0, decisions: ['exists already'] });
  });

  it('is created when it is not there', async () => {
    const { place, look, put, log } = createPlace();
    const came = await createOnce('a', { exists: look, create: () => put('me'), log });
    expect(came).toEqual({ resource: { by: 'me' }, decision: 'created' });
    expect(place.decisions).toEqual(['created']);
  });

  it('is the other one’s when somebody was first between the look and the create', async () => {
    const { place, look, put, log } = createPlace();
    const create = () => {
      place.thing = { by: 'another process' };
      return put('me');
    };
    const came = await createOnce('a', { exists: look, create, log });
    expect(came).toEqual({ resource: { by: 'another process' }, decision: 'somebody else was first' });
    expect(place.decisions).toEqual(['somebody else was first']);
  });

  it('is created by one of many at the same time, even where create refuses nothing, and is the same to all', async () => {
    const { place, look } = createPlace();
    const create = async (by: string) => {
      await Promise.resolve();
      place.creates += 1;
      place.thing = { by };
      return place.thing;
    };
    const names = Array.from({ length: 20 }, (_, index) => `caller ${index}`);
    const all = await Promise.all(names.map((by) => createOnce('a', { exists: look, create: () => create(by) })));
    expect(place.creates).toBe(1);
    expect(new Set(all.map(({ resource }) => resource.by)).size).toBe(1);
  });

  it('is found by a repetition when the first call failed after it was made', async () => {
    const { place, look, put } = createPlace();
    const create = async () => {
      await put('the first call');
      throw new Error('the reply was lost');
    };
    await expect(createOnce('a', { exists: look, create })).rejects.toThrow('the reply was lost');
    const again = await createOnce('a', { exists: look, create: () => put('the second call') });
    expect(again).toEqual({ resource: { by: 'the first call' }, decision: 'exists already' });
    expect(place.creates).toBe(1);
  });

  it('does not hold up another resource', async () => {
    const { look, put } = createPlace();
    void createOnce('held up', { exists: () => new Promise(() => undefined), create: () => put('nobody') });
    expect((await createOnce('free', { exists: look, create: () => put('me') })).decision).toBe('created');
  });

  it('is reported when it exists and cannot be found', async () => {
    const create = async () => 'exists' as const;
    await expect(createOnce('a', { exists: async () => undefined, create })).rejects.toThrow('cannot be found');
  });

  it('is one, the same to all, however the steps of two processes interleave', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const { place, look, put } = createPlace(() => scheduler.schedule(Promise.resolve()));
        // Of two processes the locks do not know each other: as two resources they are not serialised.
        const callers = ['process 1', 'process 2', 'process 2'].map((by) =>
          createOnce(by, { exists: look, create: () => put(by) }),
        );
        await scheduler.waitFor(Promise.all(callers));
        const resources = await Promise.all(callers.map((caller) => caller.then(({ resource }) => resource)));
        expect(new Set(resources)).toEqual(new Set([place.thing]));
      }),
      { seed: 112_358, numRuns: 100 },
    );
  });
});
