import './testbed/jest/environment.mjs';
import { bundleTypebox } from './testbed/jest/bundle-typebox.mjs';

/**
 * The entry files of packages that take long to load. Each jest process loads them once, outside of the sandboxes, and not
 * again for every test file.
 */
const LOADED_ONCE = '(@temporalio/[^/]+/lib/(index|proto-utils)|fastify/fastify|@fastify/[^/]+/index)\\.js$';

const everyProject = {
  testEnvironment: './testbed/jest/test-environment.mjs',
  setupFiles: ['./testbed/jest/no-forced-colors.mjs', './testbed/jest/disable-storages.mjs'],
  moduleNameMapper: await bundleTypebox(),
  testEnvironmentOptions: { customExportConditions: ['@exactly-one/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'es6' } }],
    [`/node_modules/${LOADED_ONCE}`]: './testbed/jest/load-once.cjs',
  },
  transformIgnorePatterns: [`/node_modules/(?!${LOADED_ONCE})`],
};

/** One Temporal server for all end-to-end tests. Jest starts it only when at least one of them is selected. */
const withTemporal = {
  globalSetup: './testbed/jest/start-temporal.mjs',
  globalTeardown: './testbed/jest/stop-temporal.mjs',
};

/** The name of a file decides its project. Files in test/end-to-end need no suffix. */
const PROCESS = '**/*.process.test.ts';
const END_TO_END = ['**/*.end-to-end.test.ts', '**/test/end-to-end/**/*.test.ts'];
const not = (pattern) => `!${pattern}`;

/** @type {import('jest').Config} */
export default {
  // More than there are processors: end-to-end tests mostly wait.
  maxWorkers: 3,
  maxConcurrency: 10,
  testSequencer: './testbed/jest/test-sequencer.mjs',
  testTimeout: 240_000,
  projects: [
    {
      ...everyProject,
      displayName: 'unit',
      setupFilesAfterEnv: ['./testbed/jest/no-processes.mjs'],
      testMatch: ['**/*.test.ts', not(PROCESS), ...END_TO_END.map(not)],
    },
    { ...everyProject, displayName: 'process', testMatch: [PROCESS] },
    { ...everyProject, ...withTemporal, displayName: 'end-to-end', testMatch: END_TO_END },
  ],
};
