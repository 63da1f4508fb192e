import { bundleTypebox } from './test/bundle-typebox.mjs';

export const everyProject = {
  moduleNameMapper: await bundleTypebox(),
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'es6' } }] },
};

/** It has a configuration of its own. */
export const COMPARISON = '/src/comparison/main\\.test\\.ts$';

/** @type {import('jest').Config} */
export default {
  maxWorkers: 3,
  testSequencer: './test/woven.mjs',
  testTimeout: 60_000,
  projects: [
    {
      ...everyProject,
      displayName: 'unit',
      testPathIgnorePatterns: ['/node_modules/', COMPARISON],
      testMatch: ['<rootDir>/src/**/*.test.ts', '<rootDir>/test/!(end-to-end|starter)/**/*.test.ts'],
    },
    {
      ...everyProject,
      displayName: 'end-to-end',
      testMatch: ['<rootDir>/{test/end-to-end,test/starter,examples}/**/*.test.ts'],
      // One Temporal server for this project's tests; it is not started when none of them runs.
      globalSetup: './test/start-temporal.mjs',
      globalTeardown: './test/stop-temporal.mjs',
    },
  ],
};
