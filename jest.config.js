import { bundleTypebox } from './test/bundle-typebox.mjs';

export const everyProject = {
  moduleNameMapper: await bundleTypebox(),
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'es6' } }] },
};

/** One Temporal server for all tests; it is not started when none of them runs. */
export const withTemporal = {
  globalSetup: './test/start-temporal.mjs',
  globalTeardown: './test/stop-temporal.mjs',
};

/** The comparison, the labs and the example have a configuration of their own. */
export const DEMONSTRATIONS = ['**/src/comparison/main.test.ts', '**/src/labs/*.test.ts', '**/examples/**/*.test.ts'];

/** @type {import('jest').Config} */
export default {
  maxWorkers: 3,
  testSequencer: './test/woven.mjs',
  testTimeout: 60_000,
  projects: [
    {
      ...everyProject,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/src/**/*.test.ts',
        '<rootDir>/test/!(end-to-end|starter)/**/*.test.ts',
        ...DEMONSTRATIONS.map((pattern) => `!${pattern}`),
      ],
    },
    {
      ...everyProject,
      ...withTemporal,
      displayName: 'end-to-end',
      testMatch: ['<rootDir>/test/{end-to-end,starter}/**/*.test.ts'],
    },
  ],
};
