/** Stands for rows that are left out. */
const LEFT_OUT = '⋮';

/**
 * The rows of the main demo that fit on the first screen of a README, by number: everything but settings and the details of
 * the verdict, for which `⋮` stands.
 */
export function chosenRows(rows: readonly string[]): readonly (number | string)[] {
  const table = rows.findIndex((row) => /^order +creates/.test(row));
  const last = rows.length - 1;
  return rows.flatMap((row, index): readonly (number | string)[] => {
    if (index === table) return [LEFT_OUT];
    const isDetail = (table !== -1 && index > table && index < last) || /^ +[A-Z_]+_MS=/.test(row);
    return isDetail ? [] : [index];
  });
}
