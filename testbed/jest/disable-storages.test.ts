import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, test } from '@jest/globals';

test('disables the storages that earlier test files in the same process have used', async () => {
  const storage = new AsyncLocalStorage<string>();
  storage.enterWith('earlier');
  expect(storage.getStore()).toBe('earlier');

  await startNextFile();

  expect(storage.getStore()).toBeUndefined();
});

test('disables a storage again that was used again', async () => {
  const storage = new AsyncLocalStorage<string>();
  for (const value of ['first', 'second']) {
    await storage.run(value, async () => {
      await startNextFile();
      expect(storage.getStore()).toBeUndefined();
    });
  }
});

let files = 0;
async function startNextFile(): Promise<void> {
  files += 1;
  await import(`./disable-storages.mjs?file=${files}`);
}
