/** A number with its noun, for people: `1 order`, `3 orders`. The plural is the noun with an `s`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
