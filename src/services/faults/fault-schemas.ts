import { Type } from 'typebox';
import { MAX_SEED } from '../../contracts/whole-number.ts';
import { FAULT_KINDS, type FaultPoints, MAX_DELAY_MS } from './fault-rules.ts';

/** Schemas of `GET` and `PUT /faults` for the points and presets of one service. */
export function faultSchemas<Point extends string>(points: FaultPoints<Point>, presetNames: readonly string[]) {
  const names: Point[] = [];
  for (const name in points) names.push(name);
  const rule = Type.Object(
    {
      point: Type.Enum(names),
      kind: Type.Enum([...FAULT_KINDS]),
      probability: Type.Number({ minimum: 0, maximum: 1 }),
      delayMs: Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_DELAY_MS })),
    },
    { additionalProperties: false, allOf: names.map((point) => kindsAt(point, points)) },
  );
  const seed = Type.Integer({ minimum: 0, maximum: MAX_SEED });
  const preset = Type.Enum([...presetNames]);
  const rules = Type.Array(rule, { maxItems: 100 });
  return {
    choice: Type.Object(
      { seed, preset: Type.Optional(preset), rules: Type.Optional(rules) },
      {
        additionalProperties: false,
        oneOf: [{ required: ['preset'] }, { required: ['rules'] }],
        description: 'either a preset or rules',
      },
    ),
    state: Type.Object({ seed, preset: Type.Optional(preset), rules }),
  };
}

/** Refuses a kind that is not possible at a point; the error then lists those that are. */
function kindsAt<Point extends string>(point: Point, points: FaultPoints<Point>): object {
  return {
    if: { type: 'object', required: ['point'], properties: { point: { const: point } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { properties: { kind: { enum: points[point] } } },
  };
}
