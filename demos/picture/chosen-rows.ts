/** Stands for rows that are left out. */
const LEFT_OUT = '⋮';

/**
 * The rows of the main demo that fit on the first screen of a README, by number: what happens, without explanations and
 * settings. `⋮` stands for the details of the verdict.
 */
export function chosenRows(rows: readonly string[]): readonly (number | string)[] {
  const firstAct = rows.findIndex((row) => row.startsWith('Act 1'));
  const table = rows.findIndex((row) => /^order +creates/.test(row));
  const last = rows.length - 1;
  return rows.flatMap((row, index): readonly (number | string)[] => {
    if (index === table) return [LEFT_OUT];
    if (index > table && index < last) return [];
    const isExplanation = index > firstAct && index < table && /^(?!Act \d)\S/.test(row);
    return isExplanation || /^ +[A-Z_]+_MS=/.test(row) ? [] : [index];
  });
}
