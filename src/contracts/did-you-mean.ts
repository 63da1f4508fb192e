import { closestMatch } from 'leven';

/** More differences than this make another word. */
const MAX_DIFFERENCES = 3;

/** A line that suggests the name that was probably meant; empty when none is close. */
export function didYouMean(given: string, names: readonly string[]): string {
  const beginsSo = given === '' ? undefined : names.find((name) => name.startsWith(given));
  const maxDistance = Math.min(MAX_DIFFERENCES, Math.floor(given.length / 2));
  const meant = beginsSo ?? closestMatch(given, names, { maxDistance });
  return meant === undefined ? '' : `\n(Did you mean ${meant}?)`;
}
