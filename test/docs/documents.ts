/** Its commands are for an empty project: `npm run test:package` runs them there, and all of its code. */
export const GUIDE = 'docs/your-own-service.md';

/** Everything that users read. Its links must lead somewhere, and every command in it is run. */
export const DOCUMENTS = [
  'README.md',
  'setup.md',
  'demos.md',
  'docs/how-it-works.md',
  'docs/evidence.md',
  GUIDE,
  'examples/shipping-labels/README.md',
  'docs/operate.md',
  'docs/patterns.md',
  'docs/design.md',
  'CONTRIBUTING.md',
];
