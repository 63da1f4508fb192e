import { errorMessage } from '../contracts/errors.ts';

export interface Operation<T> {
  /** For the message when all fail. */
  readonly name: string;
  readonly run: () => Promise<T>;
}

/** Every operation of the list failed; the cause is the last one's error. */
export class AllFailed extends Error {
  override readonly name = 'AllFailed';
  /** Of all operations, in their order. */
  readonly errors: readonly unknown[];

  constructor(failures: readonly { readonly name: string; readonly error: unknown }[]) {
    const reasons = failures.map(({ name, error }) => `${name}: ${errorMessage(error)}`);
    super(`all of ${failures.length} operations failed: ${reasons.join('; ')}`, { cause: failures.at(-1)?.error });
    this.errors = failures.map(({ error }) => error);
  }
}

/**
 * Runs one operation after the other until one succeeds. Cockatiel's fallback has one alternative and forgets the
 * error that led to it; this has any number and forgets none.
 * @returns what the first successful one gives; those after it are not run
 * @throws AllFailed, also for an empty list
 */
export async function firstThatSucceeds<T>(operations: readonly Operation<T>[]): Promise<T> {
  const failures: { name: string; error: unknown }[] = [];
  for (const { name, run } of operations) {
    try {
      return await run();
    } catch (error) {
      failures.push({ name, error });
    }
  }
  throw new AllFailed(failures);
}
