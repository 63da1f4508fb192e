/** All that users read: their links lead somewhere, and every command that they show is run. */
export const DOCUMENTS = [
  'README.md',
  'setup.md',
  'demos.md',
  'docs/how-it-works.md',
  'docs/evidence.md',
  'docs/your-own-service.md',
  'docs/operate.md',
];
