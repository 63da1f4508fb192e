import pc from 'picocolors';

/** Colours only on a terminal, also in CI, and not when `NO_COLOR` is set. */
export const colors = pc.createColors(process.stdout.isTTY === true && pc.isColorSupported);
