import { errorMessage } from '../contracts/errors.ts';

interface Operation<T> {
  /** For the error message. */
  readonly name: string;
  readonly run: () => Promise<T>;
}

/** Every operation of a list failed; the cause is the last error. */
export class AllFailed extends Error {
  override readonly name = 'AllFailed';
  /** The errors of all operations, in order. */
  readonly errors: readonly unknown[];

  constructor(failures: readonly { readonly name: string; readonly error: unknown }[]) {
    const reasons = failures.map(({ name, error }) => `${name}: ${errorMessage(error)}`);
    super(`all ${failures.length} operations failed: ${reasons.join('; ')}`, { cause: failures.at(-1)?.error });
    this.errors = failures.map(({ error }) => error);
  }
}

/**
 * Runs operations one after the other until one succeeds.
 * @returns the result of the first operation that succeeds; those after it are not run
 * @throws AllFailed if all fail, also for an empty list
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
