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
