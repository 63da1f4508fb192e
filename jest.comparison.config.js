import { COMPARISON, everyProject } from './jest.config.js';

/**
 * Whole strategies on servers of their own, at the price of many other tests: by `npm run test:comparison`, and in CI.
 * @type {import('jest').Config}
 */
export default { ...everyProject, testTimeout: 60_000, testRegex: [COMPARISON] };
