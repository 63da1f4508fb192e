import { isDeepStrictEqual } from 'node:util';
import { IsObject, type Static, type TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { jsonIn } from './json-in-text.ts';

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
  readonly kind:
    | 'was not JSON'
    | 'ended inside a value'
    | 'did not match the schema'
    | 'contained several values that match the schema';
  /** Only for the producer, because it may contain property names of the response. */
  readonly detail: string;
}

/** How many mistakes of one response are reported to its producer. */
const MAX_MISTAKES = 5;

const ONE_VALUE = 'respond with one JSON value and nothing else';

/**
 * Gets structured data from an unreliable producer, such as an HTTP service or a language model. Finds the JSON in its
 * response, also among prose, repairs it if it is malformed, validates it, and asks the producer again if that fails.
 * Nothing is guessed: the producer is asked again as well if its response ends inside a value, lacks its end and a
 * property of the schema, or contains several values that match the schema, of which one may be an example.
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
  const found = jsonIn(text);
  const values = found.flatMap((each) => (each.kind === 'value' ? [each] : []));
  const lacksAProperty = values.some(({ value, lacksItsEnd }) => lacksItsEnd && !hasAllProperties(value, schema));
  if (lacksAProperty || found.some(({ kind }) => kind === 'cut off')) {
    return { problem: { kind: 'ended inside a value', detail: 'respond with the complete JSON value' } };
  }
  const last = values.at(-1);
  // If one part cannot be read, another one that can be may be an example.
  if (last === undefined || values.length < found.length) {
    return { problem: { kind: 'was not JSON', detail: ONE_VALUE } };
  }
  const matching = values.flatMap(({ value }) => (Value.Check(schema, value) ? [value] : []));
  const [data, ...others] = matching;
  if (data === undefined) {
    return { problem: { kind: 'did not match the schema', detail: mistakesOf(last.value, schema) } };
  }
  if (others.some((other) => !isDeepStrictEqual(other, data))) {
    return { problem: { kind: 'contained several values that match the schema', detail: ONE_VALUE } };
  }
  return { data };
}

/** Whether a value has every property that the schema knows, so that none of them can be in a part that is missing. */
function hasAllProperties(value: unknown, schema: TSchema): boolean {
  if (typeof value !== 'object' || value === null || !IsObject(schema)) return false;
  return Object.keys(schema.properties).every((name) => Object.hasOwn(value, name));
}

function mistakesOf(value: unknown, schema: TSchema): string {
  const mistakes = Value.Errors(schema, value).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`);
  return mistakes.slice(0, MAX_MISTAKES).join('; ');
}
