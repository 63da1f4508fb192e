import { describe, expect, it, jest } from '@jest/globals';
import { Type } from 'typebox';
import { askForStructure, UnstructuredResponse } from './structured-response.ts';

const Payment = Type.Object({ account: Type.String(), amountCents: Type.Integer() });
const PAYMENT = { account: 'account_A', amountCents: 100 };

/** A producer that gives these texts, one after the other. */
const producer = (...texts: readonly string[]) => {
  const left = [...texts];
  return jest.fn(async (_problem: string | undefined) => left.shift() ?? '');
};
const read = (text: string) => askForStructure({ ask: producer(text), schema: Payment, maxAsks: 1 });

describe('a structured answer', () => {
  it.each([
    ['plain JSON', '{"account":"account_A","amountCents":100}'],
    ['nearly JSON, repaired', "{account: 'account_A', amountCents: 100,"],
    ['in a Markdown fence', '```json\n{"account":"account_A","amountCents":100}\n```'],
    [
      'in a fence among prose',
      'Here you are:\n```json\n{"account":"account_A","amountCents":100}\n```\nAnything else?',
    ],
    ['nearly JSON in a fence among prose', "Sure!\n```\n{account: 'account_A', amountCents: 100,}\n```\nDone."],
  ])('is read from what is %s', async (_what, text) => {
    expect(await read(text)).toEqual(PAYMENT);
  });

  it.each([
    ['of another form', '{"account":"account_A"}'],
    ['a number as text', '{"account":"account_A","amountCents":"100"}'],
    ['prose', 'I cannot help with that'],
    ['empty', ''],
    ['cut off', '{"account":"account_A","amount'],
  ])('is not made of what is %s', async (_what, text) => {
    await expect(read(text)).rejects.toBeInstanceOf(UnstructuredResponse);
  });

  it('is asked for again with what was wrong, until it fits', async () => {
    const ask = producer('{"account":"account_A"}', '', JSON.stringify(PAYMENT));
    expect(await askForStructure({ ask, schema: Payment, maxAsks: 3 })).toEqual(PAYMENT);
    expect(ask.mock.calls).toEqual([
      [undefined],
      [expect.stringMatching(/did not fit the schema.*amountCents/)],
      [expect.stringMatching(/was no JSON/)],
    ]);
  });

  it('is asked for so often and no more', async () => {
    const ask = producer();
    await expect(askForStructure({ ask, schema: Payment, maxAsks: 3 })).rejects.toMatchObject({ asks: 3 });
    expect(ask).toHaveBeenCalledTimes(3);
    await expect(askForStructure({ ask, schema: Payment, maxAsks: 0 })).rejects.toThrow(RangeError);
  });

  it('that never came is reported without a word of what came instead', async () => {
    for (const text of ['VISA-4929-1118-7712-0042 {', '{"VISA-4929-1118-7712-0042": 1}', '"VISA-4929-1118-7712-0042']) {
      const error: unknown = await read(text).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(UnstructuredResponse);
      const { message, stack, ...fields } = error as UnstructuredResponse;
      expect(`${message} ${stack} ${JSON.stringify(fields)} ${(error as Error).cause}`).not.toContain('4929');
    }
  });

  it('ends with the producer’s own error when it cannot be asked', async () => {
    const down = new Error('down');
    await expect(askForStructure({ ask: () => Promise.reject(down), schema: Payment, maxAsks: 3 })).rejects.toBe(down);
  });
});
