import pc from 'picocolors';

/**
 * Whether what is printed on a stream may have colours: on a terminal, also in CI. `NO_COLOR` turns them off everywhere,
 * `FORCE_COLOR` turns them on in a pipe as well, and `FORCE_COLOR=0` off. https://no-color.org https://force-color.org
 */
export function allowsColors(
  stream: { readonly isTTY?: boolean } = process.stdout,
  { NO_COLOR, FORCE_COLOR, TERM }: NodeJS.ProcessEnv = process.env,
): boolean {
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return stream.isTTY === true && TERM !== 'dumb';
}

export const colors = pc.createColors(allowsColors());
