import { stringify } from 'lossless-json';

/**
 * JSON as a broken service sends it. Every variant is malformed. All but the truncated one, which is only the first half,
 * can be repaired.
 * @param variant in [0, 1)
 */
export function malformedJson(body: object, variant: number): string {
  const text = stringify(body) ?? '';
  const truncated = text.slice(0, Math.ceil(text.length / 2));
  const variants = [truncated, ...repairableVariants(text)];
  return variants[Math.floor(variant * variants.length)] ?? truncated;
}

/** Like {@link malformedJson}, but with every value still complete. */
export function repairablyMalformedJson(body: object, variant: number): string {
  const text = stringify(body) ?? '';
  const variants = repairableVariants(text);
  return variants[Math.floor(variant * variants.length)] ?? text.slice(0, -1);
}

/** Names without quotes, no closing brace, a trailing comma. */
function repairableVariants(text: string): string[] {
  return [text.replace(/"(\w+)":/g, '$1:'), text.slice(0, -1), `${text.slice(0, -1)},}`];
}
