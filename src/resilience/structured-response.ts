import { jsonrepair } from 'jsonrepair';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';

/** No response had the expected form. The message never quotes a response: it may contain a card number. */
export class UnstructuredResponse extends Error {
  override readonly name = 'UnstructuredResponse';
  readonly attempts: number;

  constructor(attempts: number, problem: Problem) {
    const count = attempts === 1 ? '1 attempt' : `${attempts} attempts`;
    super(`no response of the expected form after ${count}: the last one ${problem.kind}`);
    this.attempts = attempts;
  }
}

interface Problem {
  readonly kind: 'was not JSON' | 'did not match the schema';
  /** Only for the producer, because it may contain property names of the response. */
  readonly detail: string;
}

/** How many mistakes of one response are reported to its producer. */
const MAX_MISTAKES = 5;

const FENCE = /```[\w-]*\r?\n(?<fenced>.*?)```/s;

/**
 * Gets structured data from an unreliable producer, such as an HTTP service or a language model. Parses its response,
 * also from a Markdown fence, repairs malformed JSON, validates it, and asks the producer again if that fails.
 * @param options.request is called with undefined first, then with what was wrong with the previous response
 * @param options.maxAttempts including the first one
 * @throws UnstructuredResponse after `maxAttempts`; an error of `request`, at once; RangeError for less than one
 *   attempt
 */
export async function requestStructured<Schema extends TSchema>({
  request,
  schema,
  maxAttempts,
}: {
  readonly request: (problem: string | undefined) => Promise<string>;
  readonly schema: Schema;
  readonly maxAttempts: number;
}): Promise<Static<Schema>> {
  if (!(Number.isSafeInteger(maxAttempts) && maxAttempts >= 1)) {
    throw new RangeError(`maxAttempts must be a whole number, 1 or more; got ${maxAttempts}`);
  }
  for (let attempts = 1, problem: Problem | undefined; ; attempts += 1) {
    const parsed = parse(await request(problem && `the response ${problem.kind}: ${problem.detail}`), schema);
    if ('data' in parsed) return parsed.data;
    problem = parsed.problem;
    if (attempts === maxAttempts) throw new UnstructuredResponse(attempts, problem);
  }
}

function parse<Schema extends TSchema>(text: string, schema: Schema): { data: Static<Schema> } | { problem: Problem } {
  const values = [...valuesIn(text), ...valuesIn(FENCE.exec(text)?.groups?.fenced ?? '')];
  for (const value of values) if (Value.Check(schema, value)) return { data: value };
  const last = values.at(-1);
  if (last === undefined)
    return { problem: { kind: 'was not JSON', detail: 'respond with one JSON value and nothing else' } };
  const mistakes = Value.Errors(schema, last).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`);
  return { problem: { kind: 'did not match the schema', detail: mistakes.slice(0, MAX_MISTAKES).join('; ') } };
}

/** The value of a JSON text, which is repaired if it is malformed; none if that fails. */
function valuesIn(text: string): readonly unknown[] {
  return tryToParse(() => JSON.parse(text)) ?? tryToParse(() => JSON.parse(jsonrepair(text))) ?? [];
}

/** Errors of these parsers quote the text, so they are dropped. */
function tryToParse(parse: () => unknown): readonly [unknown] | undefined {
  try {
    return [parse()];
  } catch {
    return undefined;
  }
}
