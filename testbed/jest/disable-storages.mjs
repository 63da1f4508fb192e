// Runs before each test file. Node copies every AsyncLocalStorage that was ever used into every new promise, until the
// storage is disabled. Each test file loads the SDK anew and with it new storages: after two hundred files in one process
// promises took twenty times as long.
import { AsyncLocalStorage } from 'node:async_hooks';

const USED = Symbol.for('storages that test files in this process have used');
const { prototype } = AsyncLocalStorage;

// Test files share the built-in modules, so the first of them counts for all.
if (prototype[USED] === undefined) recordUse();
disableUsed();

function recordUse() {
  const used = new Set();
  prototype[USED] = used;
  for (const method of ['run', 'enterWith']) {
    const original = prototype[method];
    prototype[method] = function (...parameters) {
      used.add(this);
      return original.apply(this, parameters);
    };
  }
}

function disableUsed() {
  for (const storage of prototype[USED]) storage.disable();
  prototype[USED].clear();
}
