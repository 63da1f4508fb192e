/** A share from 0 to 1 as text: `70.03 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

/** A whole number with separated thousands: `10,000`. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}
