import { hash } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { MAX_CENTS } from '../../contracts/money.ts';

const strict = { additionalProperties: false };

/** RFC 3339 with milliseconds, UTC: sorts as text. */
const Time = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$' });
const Amount = Type.Integer({ minimum: 1, maximum: MAX_CENTS });
const Balance = Type.Integer({ minimum: 0, maximum: MAX_CENTS });
const Operation = Type.Enum(['withdraw', 'deposit']);

/** An account was opened. */
const OpenRecord = Type.Object(
  { kind: Type.Literal('open'), account: Type.String(), newCents: Balance, at: Time },
  strict,
);

/** Money was moved. The operation, its key and its outcome are one line. */
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

/** No money was moved, and with this key none ever will be. A refusal without a key is not recorded. */
const RefusalRecord = Type.Object(
  {
    kind: Type.Literal('refusal'),
    operation: Operation,
    account: Type.String(),
    amountCents: Amount,
    code: Type.Enum(['ACCOUNT_NOT_FOUND', 'INSUFFICIENT_FUNDS', 'BALANCE_TOO_LARGE', 'DEPOSIT_REJECTED']),
    /** If the account exists. */
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
/** The definite outcome of an operation. */
export type OutcomeRecord = MoveRecord | RefusalRecord;
export type AccountRecord = OpenRecord | OutcomeRecord;

/** Validates a record that was read from disk. */
export const accountRecord = Compile(Type.Union([OpenRecord, MoveRecord, RefusalRecord]));

/** 64 bits: one damaged line in 10^19 goes unnoticed. The checksum protects against accidents, not against forgery. */
const CHECKSUM_DIGITS = 16;

/** Adds a checksum to a record, so that a damaged line is never read as another record. */
export function withChecksum(record: object): object {
  return { ...record, check: checksumOf(record) };
}

/**
 * Checks a line of the journal and removes its checksum.
 * @throws Error if the checksum is missing or wrong
 */
export function verifyChecksum(line: unknown): object {
  if (typeof line !== 'object' || line === null || !('check' in line)) throw new Error('the line has no checksum');
  const { check, ...record } = line;
  if (check !== checksumOf(record)) throw new Error('the checksum does not match the line');
  return record;
}

/** JSON keeps the order of properties, so the text that is hashed is the same when writing and when reading. */
function checksumOf(record: object): string {
  return hash('sha256', JSON.stringify(record)).slice(0, CHECKSUM_DIGITS);
}
