import { describe, expect, it } from '@jest/globals';
import { jsonrepair } from 'jsonrepair';
import { malformedJson, repairablyMalformedJson } from './malformed-json.ts';

const variants = [0, 0.2, 0.4, 0.6, 0.8, 0.99];
const body = { paymentInfo: 'VISA-1234-5678-9012-2526' };

describe('malformed JSON', () => {
  it('is never JSON', () => {
    for (const variant of variants) {
      expect(() => JSON.parse(malformedJson(body, variant))).toThrow(SyntaxError);
      expect(() => JSON.parse(repairablyMalformedJson(body, variant))).toThrow(SyntaxError);
    }
  });

  it('can be repaired without loss if it is repairably malformed', () => {
    for (const variant of variants) {
      expect(JSON.parse(jsonrepair(repairablyMalformedJson(body, variant)))).toEqual(body);
    }
  });
});
