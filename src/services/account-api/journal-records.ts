import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { MOST_CENTS } from '../../contracts/money.ts';

const strict = { additionalProperties: false };

/** RFC 3339 with milliseconds, UTC: sorts as text. */
const Time = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$' });
const Amount = Type.Integer({ minimum: 1, maximum: MOST_CENTS });
const Balance = Type.Integer({ minimum: 0, maximum: MOST_CENTS });
const Operation = Type.Enum(['withdraw', 'deposit']);

/** An account begins to be. */
const OpenRecord = Type.Object(
  { kind: Type.Literal('open'), account: Type.String(), newCents: Balance, at: Time },
  strict,
);

/** Money was moved: the operation, its key and its answer are one line. */
const MoveRecord = Type.Object(
  {
    kind: Operation,
    account: Type.String(),
    amountCents: Amount,
    previousCents: Balance,
    newCents: Balance,
    at: Time,
    requestId: Type.String(),
    key: Type.Optional(Type.String()),
  },
  strict,
);

/** Money was not moved, and with this key never will be. Without a key a refusal is not recorded. */
const RefusalRecord = Type.Object(
  {
    kind: Type.Literal('refusal'),
    operation: Operation,
    account: Type.String(),
    amountCents: Amount,
    code: Type.Enum(['ACCOUNT_NOT_FOUND', 'INSUFFICIENT_FUNDS', 'BALANCE_TOO_LARGE', 'DEPOSIT_REJECTED']),
    /** Of an account that is there. */
    balanceCents: Type.Optional(Balance),
    at: Time,
    requestId: Type.String(),
    key: Type.Optional(Type.String()),
  },
  strict,
);

export type Operation = Static<typeof Operation>;
export type OpenRecord = Static<typeof OpenRecord>;
export type MoveRecord = Static<typeof MoveRecord>;
export type RefusalRecord = Static<typeof RefusalRecord>;
/** What came of an operation, once and for all. */
export type OutcomeRecord = MoveRecord | RefusalRecord;
export type AccountRecord = OpenRecord | OutcomeRecord;

/** What is read from disk is nobody's word: a record is checked before it is used. */
export const accountRecord = Compile(Type.Union([OpenRecord, MoveRecord, RefusalRecord]));
