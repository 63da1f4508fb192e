/** Card numbers in the notations that people use. The first one has the form of this house. */
export const CANARIES = [
  'VISA-1234-5678-9012-2526',
  'visa: 4929 3813 3266 4295',
  '4242 4242 4242 4242',
  '4242-4242-4242-4242',
  '4242.4242.4242.4242',
  '4242_4242_4242_4242',
  '4242424242424242',
  'order4242424242424242',
  '42 4242 4242 4242 42',
  '3782 822463 10005',
  '3782-822463-10005',
  '378282246310005',
  '30569309025904',
] as const;

/** Which of the canaries a text contains, whatever stands between their digits. */
export function canariesIn(text: string): readonly string[] {
  const digitsOf = (canary: string) => canary.replace(/\D/g, '');
  const plain = text.replace(/%(?:20|2d|2e)|[\s.+_-]/gi, '');
  return CANARIES.filter((canary) => plain.includes(digitsOf(canary)));
}
