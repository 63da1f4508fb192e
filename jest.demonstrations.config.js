import { DEMONSTRATIONS, everyProject, withTemporal } from './jest.config.js';

/**
 * What shows the product at work, at the price of many other tests: by `npm run test:demonstrations`, and in CI.
 * @type {import('jest').Config}
 */
export default { ...everyProject, ...withTemporal, testTimeout: 60_000, testMatch: DEMONSTRATIONS };
