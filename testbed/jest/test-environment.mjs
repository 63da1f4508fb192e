import { createRequire } from 'node:module';
import { isNativeError } from 'node:util/types';
import v8 from 'node:v8';
import { TestEnvironment } from 'jest-environment-node';

const ERRORS = [
  'Error',
  'AggregateError',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
];
const ordinary = Function.prototype[Symbol.hasInstance];

/**
 * Gives the sandbox of a test file Node's own `require`. The packages that it loads are loaded once in a process and not
 * again for every test file.
 */
export default class extends TestEnvironment {
  constructor(...parameters) {
    // A test file may have set it for its own workers.
    delete process.env.TEMPORAL_DEBUG;
    super(...parameters);
    this.global.requireNatively = createRequire(import.meta.url);
    for (const name of ERRORS) alsoRecognize(this.global[name], (thing) => ordinary.call(globalThis[name], thing));
  }
}

alsoRecognize(Error, isNativeError);

// The SDK records where each promise of a workflow was created, for the call stacks in Temporal's UI. A worker without a
// thread of its own never stops that: every promise in this process, of later test files too, would be recorded. No test
// reads these call stacks.
Object.assign(v8, { promiseHooks: { ...v8.promiseHooks, createHook: () => () => undefined } });

/** A sandbox has error classes of its own, but errors pass between it and the packages outside. */
function alsoRecognize(ErrorClass, isInstance) {
  Object.defineProperty(ErrorClass, Symbol.hasInstance, {
    value(thing) {
      // Classes that extend it inherit this method.
      return ordinary.call(this, thing) || (this === ErrorClass && isInstance(thing));
    },
  });
}
