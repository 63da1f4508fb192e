import { describe, expect, it, jest } from '@jest/globals';
import { Type } from 'typebox';
import { requestStructured, UnstructuredResponse } from './structured-response.ts';

const Payment = Type.Object({ account: Type.String(), amountCents: Type.Integer() });
const PAYMENT = { account: 'account_A', amountCents: 100 };

/** A producer that responds with these texts, one after the other. */
const producer = (...texts: readonly string[]) => {
  const left = [...texts];
  return jest.fn(async (_problem: string | undefined) => left.shift() ?? '');
};
const read = (text: string) => requestStructured({ request: producer(text), schema: Payment, maxAttempts: 1 });

describe('structured data', () => {
  it.each([
    ['plain JSON', '{"account":"account_A","amountCents":100}'],
    ['malformed JSON, which is repaired', "{account: 'account_A', amountCents: 100,"],
    ['JSON in a Markdown fence', '```json\n{"account":"account_A","amountCents":100}\n```'],
    [
      'JSON in a fence among prose',
      'Here you are:\n```json\n{"account":"account_A","amountCents":100}\n```\nAnything else?',
    ],
    ['malformed JSON in a fence among prose', "Sure!\n```\n{account: 'account_A', amountCents: 100,}\n```\nDone."],
  ])('is read from %s', async (_what, text) => {
    expect(await read(text)).toEqual(PAYMENT);
  });

  it.each([
    ['JSON of another form', '{"account":"account_A"}'],
    ['a number as a string', '{"account":"account_A","amountCents":"100"}'],
    ['prose', 'I cannot help with that'],
    ['an empty text', ''],
    ['truncated JSON', '{"account":"account_A","amount'],
  ])('is not read from %s', async (_what, text) => {
    await expect(read(text)).rejects.toBeInstanceOf(UnstructuredResponse);
  });

  it.each([
    ['a number', '{"account":"account_A","amountCents":10'],
    ['a number, with white space after it', '{"account":"account_A","amountCents":10\n'],
    ['a number in a fence', '```json\n{"account":"account_A","amountCents":10\n```'],
    ['a number in a fence that is cut off too', '```json\n{"account":"account_A","amountCents":10'],
    ['a number in a list', '{"amountCents":100,"account":"account_A","parts":[10'],
    ['a list, after a comma', '{"amountCents":100,"account":"account_A","parts":[10,'],
    ['an object', '{"amountCents":100,"account":"account_A","more":{"a":"b"'],
    ['a string', '{"amountCents":100,"account":"acc'],
    ['a string that contains a brace', '{"amountCents":100,"account":"acc}'],
    ['a string that contains an escaped quote', '{"amountCents":100,"account":"acc\\"'],
    ['a string in other quotes', '{"amountCents":100,"account":\u201cacc}'],
    ['a string without quotes', '{amountCents: 100, account: acc'],
    ['a literal', '{"amountCents":100,"account":"account_A","final":tru'],
    ['a value that has not begun', '{"amountCents":100,"account":"account_A","note":'],
    ['a name', '{"amountCents":100,"account":"account_A","note"'],
    [
      'an answer after an example',
      `For example:\n\`\`\`\n${JSON.stringify(PAYMENT)}\n\`\`\`\nSo: {"account":"account_B","amountCents":7`,
    ],
  ])('that ends inside %s is asked for again', async (_what, text) => {
    const complete = { account: 'account_B', amountCents: 1_000 };
    const request = producer(text, JSON.stringify(complete));
    expect(await requestStructured({ request, schema: Payment, maxAttempts: 2 })).toEqual(complete);
    expect(request.mock.calls).toEqual([[undefined], [expect.stringContaining('the response ended inside a value')]]);
  });

  it('that lacks its end is taken if it has every property of the schema, and asked for again otherwise', async () => {
    expect(await read('{"account":"account_A","amountCents":100,')).toEqual(PAYMENT);
    expect(await read('{"amountCents":100,"account":"account_A"')).toEqual(PAYMENT);
    const schema = Type.Object({ amount: Type.Integer(), unit: Type.Optional(Type.String()) });
    const request = producer('{"amount":100,', '{"amount":100,"unit":"JPY"}');
    expect(await requestStructured({ request, schema, maxAttempts: 2 })).toEqual({ amount: 100, unit: 'JPY' });
    await expect(
      requestStructured({ request: producer('[1,2,'), schema: Type.Array(Type.Integer()), maxAttempts: 1 }),
    ).rejects.toBeInstanceOf(UnstructuredResponse);
  });

  const OTHER = { account: 'account_B', amountCents: 7 };
  const fenced = (...values: readonly unknown[]) =>
    values.map((value) => `text\n\`\`\`json\n${JSON.stringify(value)}\n\`\`\`\n`).join('');
  it.each([
    ['in two fences', fenced(OTHER, PAYMENT)],
    ['in prose and in a fence', `${JSON.stringify(OTHER)} is an example. ${fenced(PAYMENT)}`],
    ['in a fence and in prose', `${fenced(OTHER)} I mean ${JSON.stringify(PAYMENT)}.`],
    ['one after the other', `${JSON.stringify(OTHER)}\n${JSON.stringify(PAYMENT)}`],
    ['in one object', '{"account":"account_A","amountCents":7,"amountCents":100}'],
    ['of which one cannot be read', `${fenced(OTHER)} {"account":"account_A","amountCents":1,000}`],
  ])('of which there are several, %s, is asked for again: none is guessed', async (_what, text) => {
    const request = producer(text, JSON.stringify(PAYMENT));
    expect(await requestStructured({ request, schema: Payment, maxAttempts: 2 })).toEqual(PAYMENT);
    expect(request.mock.calls[1]).toEqual([expect.stringContaining('one JSON value and nothing else')]);
  });

  it('may be repeated, and stand beside JSON that does not match', async () => {
    expect(await read(fenced(PAYMENT, { amountCents: 100, account: 'account_A' }))).toEqual(PAYMENT);
    expect(await read(`You sent [1, {"a": "}"}]. ${fenced({ id: 7 }, PAYMENT)}`)).toEqual(PAYMENT);
  });

  it.each([
    ['a number with separators', '{"account":"account_A","amountCents":1,000}'],
    ['a number that a double cannot hold', '{"account":"account_A","amountCents":9007199254740993}'],
    ['a number without its last digits', '{"account":"account_A","amountCents":10.}'],
    ['no value', '{"account":"account_A","amountCents":}'],
    ['a list that leaves something out', '{"account":"account_A","amountCents":100,"parts":[1, ...]}'],
  ])('is never changed by a repair: %s', async (_what, text) => {
    await expect(read(text)).rejects.toBeInstanceOf(UnstructuredResponse);
  });

  it('is found in time that grows with the length of the response, whatever it contains', async () => {
    for (const text of [
      '['.repeat(1_000_000),
      '{"a":'.repeat(200_000),
      '```\n{'.repeat(100_000),
      '"{'.repeat(500_000),
    ]) {
      await expect(read(text)).rejects.toBeInstanceOf(UnstructuredResponse);
    }
  });

  it('is requested again, saying what was wrong, until it is valid', async () => {
    const request = producer('{"account":"account_A"}', '', JSON.stringify(PAYMENT));
    expect(await requestStructured({ request, schema: Payment, maxAttempts: 3 })).toEqual(PAYMENT);
    expect(request.mock.calls).toEqual([
      [undefined],
      [expect.stringMatching(/did not match the schema.*amountCents/)],
      [expect.stringMatching(/was not JSON/)],
    ]);
  });

  it('is requested no more than maxAttempts times', async () => {
    const request = producer();
    await expect(requestStructured({ request, schema: Payment, maxAttempts: 3 })).rejects.toMatchObject({
      attempts: 3,
    });
    expect(request).toHaveBeenCalledTimes(3);
    await expect(requestStructured({ request, schema: Payment, maxAttempts: 0 })).rejects.toThrow(RangeError);
  });

  it('that is missing is reported without quoting the response', async () => {
    for (const text of ['VISA-4929-1118-7712-0042 {', '{"VISA-4929-1118-7712-0042": 1}', '"VISA-4929-1118-7712-0042']) {
      const error: unknown = await read(text).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(UnstructuredResponse);
      const { message, stack, ...fields } = error as UnstructuredResponse;
      expect(`${message} ${stack} ${JSON.stringify(fields)} ${(error as Error).cause}`).not.toContain('4929');
    }
  });

  it('is not requested again if the request itself fails', async () => {
    const down = new Error('down');
    await expect(
      requestStructured({ request: () => Promise.reject(down), schema: Payment, maxAttempts: 3 }),
    ).rejects.toBe(down);
  });
});
