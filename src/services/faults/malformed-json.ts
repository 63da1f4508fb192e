import { stringify } from 'lossless-json';

/**
 * JSON as a broken service sends it. Every variant is malformed; a careful reader can repair all but the cut one, of
 * which only the first half has come.
 * @param variant in [0, 1)
 */
export function malformedJson(body: object, variant: number): string {
  const text = stringify(body) ?? '';
  const cut = text.slice(0, Math.ceil(text.length / 2));
  const ways = [cut, ...repairableDamages(text)];
  return ways[Math.floor(variant * ways.length)] ?? cut;
}

/** Like {@link malformedJson}, with the text of every value still there. */
export function repairablyMalformedJson(body: object, variant: number): string {
  const text = stringify(body) ?? '';
  const ways = repairableDamages(text);
  return ways[Math.floor(variant * ways.length)] ?? text.slice(0, -1);
}

/** Names without quotes, no closing brace, a comma too many. */
function repairableDamages(text: string): string[] {
  return [text.replace(/"(\w+)":/g, '$1:'), text.slice(0, -1), `${text.slice(0, -1)},}`];
}
