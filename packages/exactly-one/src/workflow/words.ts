/** The nouns in the texts of an order. */
export interface Words {
  readonly item: string;
  readonly service: string;
}

/** `an item`, `a ticket` */
export function withArticle(noun: string): string {
  return `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;
}
