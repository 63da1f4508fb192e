const CARD_NUMBER = /VISA(\W?\d{4}){4}/i;

/** Whether a record holds a whole card number anywhere. */
export function holdsCardNumber(record: unknown): boolean {
  return CARD_NUMBER.test(JSON.stringify(record));
}
