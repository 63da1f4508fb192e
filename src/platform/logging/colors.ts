import pc from 'picocolors';

/** Colours for what people read: on a terminal only, and not when `NO_COLOR` is set. A CI's pipe is no terminal. */
export const colors = pc.createColors(process.stdout.isTTY === true && pc.isColorSupported);
