/** How many letters a misspelled name may have wrong. */
const MAX_WRONG_LETTERS = 2;
const MAX_SHOWN_LENGTH = 60;

/**
 * What is wrong when an object has a field that is no option: `there is no option activites; did you mean activities?`
 * Otherwise undefined. JavaScript would ignore the field, and so what it was meant for.
 */
export function unknownOption(given: object, options: readonly string[]): string | undefined {
  const unknown = Object.keys(given).find((name) => !options.includes(name));
  if (unknown === undefined) return undefined;
  const shown = unknown.slice(0, MAX_SHOWN_LENGTH);
  const meant = similar(shown, options);
  return `there is no option ${shown}; ${meant === undefined ? `the options are ${options.join(', ')}` : `did you mean ${meant}?`}`;
}

/** The option with the fewest wrong letters, or else one of which only the beginning is right. */
function similar(name: string, options: readonly string[]): string | undefined {
  if (name.length <= MAX_WRONG_LETTERS) return undefined;
  const [letters, ...others] = [name, ...options].map((each) => each.toLowerCase());
  const wrong = others.map((option) => wrongLetters(String(letters), option));
  const fewest = Math.min(...wrong);
  if (fewest <= MAX_WRONG_LETTERS) return options[wrong.indexOf(fewest)];
  return options.find((option) => {
    const [shorter, longer] = name.length < option.length ? [name, option] : [option, name];
    return longer.startsWith(shorter) && longer.length < 2 * shorter.length;
  });
}

/** The distance of Levenshtein: how many letters must be added, removed or replaced. */
function wrongLetters(name: string, option: string): number {
  let distances = Array.from({ length: option.length + 1 }, (_, length) => length);
  for (const [row, letter] of [...name].entries()) {
    const next = [row + 1];
    for (const [column, wanted] of [...option].entries()) {
      const [replaced = 0, removed = 0] = distances.slice(column, column + 2);
      const added = next[column] ?? 0;
      next.push(Math.min(replaced + (letter === wanted ? 0 : 1), removed + 1, added + 1));
    }
    distances = next;
  }
  return distances.at(-1) ?? 0;
}
