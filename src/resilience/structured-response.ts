import { jsonrepair } from 'jsonrepair';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';

/** No text of the producer's was an answer. The message never repeats one: it may be a card number. */
export class UnstructuredResponse extends Error {
  override readonly name = 'UnstructuredResponse';
  readonly asks: number;

  constructor(asks: number, problem: Problem) {
    super(`no answer of the agreed form, asked ${asks === 1 ? 'once' : `${asks} times`}: the last ${problem.kind}`);
    this.asks = asks;
  }
}

interface Problem {
  readonly kind: 'was no JSON' | 'did not fit the schema';
  /** May name keys of the text: for the producer alone. */
  readonly detail: string;
}

/** Of the mistakes of one text, how many its producer is told. */
const MOST_MISTAKES = 5;

const FENCE = /```[\w-]*\r?\n(?<fenced>.*?)```/s;

/**
 * Gets a structured answer from an unreliable producer, an HTTP body or a language model's text: parses it, in a
 * Markdown fence too, repairs what is nearly JSON, checks it by schema, and asks again.
 * @param options.ask gets undefined at first, then what was wrong with the text before, for the producer to mend it
 * @param options.maxAsks all asks, the first included
 * @throws UnstructuredResponse after `maxAsks`; what `ask` throws, at once; RangeError for less than one ask
 */
export async function askForStructure<Schema extends TSchema>({
  ask,
  schema,
  maxAsks,
}: {
  readonly ask: (problem: string | undefined) => Promise<string>;
  readonly schema: Schema;
  readonly maxAsks: number;
}): Promise<Static<Schema>> {
  if (!(Number.isSafeInteger(maxAsks) && maxAsks >= 1)) {
    throw new RangeError(`maxAsks is a whole number from 1, not ${maxAsks}`);
  }
  for (let asks = 1, problem: Problem | undefined; ; asks += 1) {
    const reading = read(await ask(problem && `the answer ${problem.kind}: ${problem.detail}`), schema);
    if ('answer' in reading) return reading.answer;
    problem = reading.problem;
    if (asks === maxAsks) throw new UnstructuredResponse(asks, problem);
  }
}

function read<Schema extends TSchema>(text: string, schema: Schema): { answer: Static<Schema> } | { problem: Problem } {
  const values = [...readingsOf(text), ...readingsOf(FENCE.exec(text)?.groups?.fenced ?? '')];
  for (const value of values) if (Value.Check(schema, value)) return { answer: value };
  const last = values.at(-1);
  if (last === undefined) return { problem: { kind: 'was no JSON', detail: 'give one JSON value and nothing else' } };
  const mistakes = Value.Errors(schema, last).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`);
  return { problem: { kind: 'did not fit the schema', detail: mistakes.slice(0, MOST_MISTAKES).join('; ') } };
}

/** What a text may mean as JSON: as it is, and only when it is none, repaired. */
function readingsOf(text: string): readonly unknown[] {
  return parsed(() => JSON.parse(text)) ?? parsed(() => JSON.parse(jsonrepair(text))) ?? [];
}

/** An error of these parsers quotes the text, so it goes no further. */
function parsed(parse: () => unknown): readonly [unknown] | undefined {
  try {
    return [parse()];
  } catch {
    return undefined;
  }
}
