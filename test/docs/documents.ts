/** Everything that users read. Its links must lead somewhere, and every command in it is run. */
export const DOCUMENTS = [
  'README.md',
  'setup.md',
  'demos.md',
  'docs/how-it-works.md',
  'docs/evidence.md',
  'docs/your-own-service.md',
  'docs/operate.md',
  'docs/patterns.md',
  'docs/design.md',
  'CONTRIBUTING.md',
];
