import type { Check } from './violation.ts';

/** I5: a file is absent or whole: its fields are there, they are of their kind, and they agree with its name. */
export const completeFiles: Check = (_evidence, { damages }) => damages.map((what) => ({ what }));
