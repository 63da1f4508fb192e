import { types } from 'node:util';

/** Far more than any payload of ours has, and small enough for the stack. */
export const MAX_DEPTH = 100;

/**
 * A text that is the same for equal payloads and different for different ones, to be compared or hashed.
 *
 * It is canonical JSON as in RFC 8785: properties sorted by UTF-16 code units, numbers and strings written as ECMAScript
 * does, no white space; -0 becomes 0. Dates are supported too: `Date("2024-01-31T00:00:00.000Z")`, which is not valid
 * JSON and so equals nothing else. As in JSON, undefined properties are left out.
 * @throws TypeError, naming the path, for anything else: undefined outside of properties, NaN, infinities, bigints,
 *   functions, symbols, lone surrogates, invalid dates, instances of classes, cycles, more than {@link MAX_DEPTH} levels
 */
export function canonicalForm(value: unknown): string {
  return formOf(value, 'payload', []);
}

/** @param ancestors the objects that contain this value, outermost first */
function formOf(value: unknown, path: string, ancestors: readonly object[]): string {
  switch (typeof value) {
    case 'boolean':
      return String(value);
    case 'string':
      return formOfText(value, path);
    case 'number':
      if (!Number.isFinite(value)) throw unsupported(path, String(value));
      return JSON.stringify(value);
    case 'object':
      return value === null ? 'null' : formOfObject(value, path, ancestors);
    default:
      throw unsupported(path, value === undefined ? 'undefined' : `a ${typeof value}`);
  }
}

function formOfText(text: string, path: string): string {
  if (/\p{Surrogate}/u.test(text)) throw unsupported(path, 'a string with a lone surrogate');
  return JSON.stringify(text);
}

function formOfObject(value: object, path: string, ancestors: readonly object[]): string {
  if (types.isDate(value)) return formOfDate(value, path);
  if (ancestors.includes(value)) throw unsupported(path, 'a cycle');
  if (ancestors.length >= MAX_DEPTH) throw unsupported(path, `nested more than ${MAX_DEPTH} levels deep`);
  const withThis = [...ancestors, value];
  if (Array.isArray(value)) {
    // Array.from also visits holes, which map skips.
    return `[${Array.from(value, (item, index) => formOf(item, `${path}[${index}]`, withThis)).join(',')}]`;
  }
  if (!isPlainObject(value)) throw unsupported(path, `an instance of ${value.constructor?.name ?? 'a class'}`);
  if (Object.getOwnPropertySymbols(value).length > 0) throw unsupported(path, 'an object with symbols as keys');
  const properties = Object.entries(value)
    .filter(([, property]) => property !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, property]) => {
      const pathOfProperty = `${path}${/^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`}`;
      return `${formOfText(key, pathOfProperty)}:${formOf(property, pathOfProperty, withThis)}`;
    });
  return `{${properties.join(',')}}`;
}

function formOfDate(date: Date, path: string): string {
  if (Number.isNaN(date.getTime())) throw unsupported(path, 'an invalid date');
  return `Date("${date.toISOString()}")`;
}

/** Also of another realm: an object of another `vm` context has a different `Object.prototype`. */
function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function unsupported(path: string, what: string): TypeError {
  return new TypeError(
    `${path} is ${what}, which has no canonical form: use only null, booleans, finite numbers, strings, dates, ` +
      'arrays and plain objects',
  );
}
