import { types } from 'node:util';

/** Deeper payloads are refused: nothing that we send comes near it, and the stack stays small. */
export const DEEPEST_PAYLOAD = 100;

/**
 * The text that equal payloads share and different ones never do, to be compared or hashed.
 *
 * It is canonical JSON after RFC 8785: properties sorted by UTF-16 code units, numbers and strings as ECMAScript
 * writes them, no white space, so -0 is 0. Beyond JSON, a date is `Date("2024-01-31T00:00:00.000Z")`, which no JSON
 * text can be. As in JSON, a property that is undefined is not there.
 * @throws TypeError, naming the path, for what has no such text: undefined elsewhere, NaN, infinities, bigints,
 *   functions, symbols, lone surrogates, invalid dates, instances of classes, cycles, more than
 *   {@link DEEPEST_PAYLOAD} levels
 */
export function canonicalForm(value: unknown): string {
  return formOf(value, 'payload', []);
}

/** @param above the objects that hold this value, outermost first */
function formOf(value: unknown, path: string, above: readonly object[]): string {
  switch (typeof value) {
    case 'boolean':
      return String(value);
    case 'string':
      return formOfText(value, path);
    case 'number':
      if (!Number.isFinite(value)) throw refused(path, String(value));
      return JSON.stringify(value);
    case 'object':
      return value === null ? 'null' : formOfObject(value, path, above);
    default:
      throw refused(path, value === undefined ? 'undefined' : `a ${typeof value}`);
  }
}

function formOfText(text: string, path: string): string {
  if (/\p{Surrogate}/u.test(text)) throw refused(path, 'a text with half a surrogate pair');
  return JSON.stringify(text);
}

function formOfObject(value: object, path: string, above: readonly object[]): string {
  if (types.isDate(value)) return formOfDate(value, path);
  if (above.includes(value)) throw refused(path, 'a cycle');
  if (above.length >= DEEPEST_PAYLOAD) throw refused(path, `something deeper than ${DEEPEST_PAYLOAD} levels`);
  const within = [...above, value];
  if (Array.isArray(value)) {
    // Array.from visits the holes too, which map passes over.
    return `[${Array.from(value, (item, index) => formOf(item, `${path}[${index}]`, within)).join(',')}]`;
  }
  if (!isPlainObject(value)) throw refused(path, `an instance of ${value.constructor?.name ?? 'a class'}`);
  if (Object.getOwnPropertySymbols(value).length > 0) throw refused(path, 'an object with symbols as keys');
  const properties = Object.entries(value)
    .filter(([, property]) => property !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, property]) => {
      const pathOfProperty = `${path}${/^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`}`;
      return `${formOfText(key, pathOfProperty)}:${formOf(property, pathOfProperty, within)}`;
    });
  return `{${properties.join(',')}}`;
}

function formOfDate(date: Date, path: string): string {
  if (Number.isNaN(date.getTime())) throw refused(path, 'an invalid date');
  return `Date("${date.toISOString()}")`;
}

/** Of any realm: an object of another `vm` context has an `Object.prototype` of its own. */
function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function refused(path: string, what: string): TypeError {
  return new TypeError(
    `${path} is ${what}, which has no canonical form: give null, booleans, finite numbers, texts, dates, ` +
      'arrays and plain objects only',
  );
}
