import type { temporal } from '@temporalio/proto';

type Payload = temporal.api.common.v1.IPayload;

const bytes = (text: string) => new TextEncoder().encode(text);

const json = (text: string): Payload => ({ metadata: { encoding: bytes('json/plain') }, data: bytes(text) });

/** Payloads that no workflow expects, as anybody who reaches the Temporal server can send them. */
export const POISON_PAYLOADS = {
  'an encoding that nobody here knows': { metadata: { encoding: bytes('binary/encrypted') }, data: bytes('secret') },
  'broken JSON': json('{"orderId": "order-'),
  'JSON without data': { metadata: { encoding: bytes('json/plain') } },
  'bytes that are not text': { metadata: { encoding: bytes('json/plain') }, data: Uint8Array.of(0xff, 0xfe, 0) },
  'an encoding that is not UTF-8': { metadata: { encoding: Uint8Array.of(0xff, 0xfe) }, data: bytes('1') },
  'no encoding': { metadata: {}, data: bytes('1') },
  'no metadata': { data: bytes('1') },
  'raw bytes': { metadata: { encoding: bytes('binary/plain') }, data: Uint8Array.of(0, 1, 2, 255) },
  'nothing at all': {},
  null: json('null'),
  'a number': json('112358'),
  'a list': json('[{"orderId":"order-112358"}]'),
  'an object without a text': json('{"toString":1,"valueOf":1,"toJSON":1}'),
  'an object with another prototype': json('{"__proto__":{"orderId":"order-1"},"constructor":{"prototype":null}}'),
  'a list that is nested too deeply to be shown': json('['.repeat(100_000) + ']'.repeat(100_000)),
  'a list of 1.5 MB': json(JSON.stringify(['x'.repeat(1_500_000)])),
} satisfies Readonly<Record<string, Payload>>;
