import { describe, expect, it, jest } from '@jest/globals';
import { classifyFailure } from './classify.ts';
import { AllFailed, firstThatSucceeds } from './fallback.ts';

const succeeds = (name: string) => ({ name, run: jest.fn(async () => `of ${name}`) });
const fails = (name: string, error: unknown) => ({ name, run: jest.fn(() => Promise.reject(error)) });

describe('a list of operations', () => {
  it('returns the result of the first that succeeds and runs none after it', async () => {
    const operations = [fails('primary', new Error('down')), succeeds('backup'), succeeds('archive')] as const;
    expect(await firstThatSucceeds(operations)).toBe('of backup');
    expect(operations.map(({ run }) => run.mock.calls.length)).toEqual([1, 1, 0]);
  });

  it('that all fail throws all errors in order, with the last as its cause', async () => {
    const errors = [new Error('down'), 'not an error', Object.assign(new Error('busy'), { status: 503 })];
    const failed: unknown = await firstThatSucceeds(
      errors.map((error, index) => fails(`source ${index}`, error)),
    ).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(AllFailed);
    expect(failed).toMatchObject({ name: 'AllFailed', errors, cause: errors[2] });
    expect(String(failed)).toContain('source 0: down; source 1: not an error; source 2: busy');
    expect(classifyFailure(failed).kind).toBe('transient');
  });

  it('with a synchronous error goes on to the next', async () => {
    const throwing = {
      name: 'primary',
      run: (): Promise<string> => {
        throw new Error('at once');
      },
    };
    expect(await firstThatSucceeds([throwing, succeeds('backup')])).toBe('of backup');
  });

  it('that is empty fails', async () => {
    await expect(firstThatSucceeds([])).rejects.toBeInstanceOf(AllFailed);
  });
});
