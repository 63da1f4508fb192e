import { types } from 'node:util';

/** Far more than any payload of ours has, and small enough for the stack. */
export const MAX_DEPTH = 100;

/** In UTF-16 code units. A form doubles with each level of objects that contain another one twice. */
const MAX_LENGTH = 16_777_216;

/**
 * A text that is the same for equal payloads and different for different ones, to be compared or hashed.
 *
 * It is canonical JSON as in RFC 8785: properties sorted by UTF-16 code units, numbers and strings written as ECMAScript
 * does, no white space; -0 becomes 0. Dates are supported too: `Date("2024-01-31T00:00:00.000Z")`, which is not valid
 * JSON and so equals nothing else. As in JSON, undefined properties are left out.
 * @throws TypeError, naming the path, for anything else: undefined outside of properties, NaN, infinities, bigints,
 *   functions, symbols, lone surrogates, invalid dates, instances of classes and whatever else inherits values, proxies,
 *   hidden and computed properties, arrays and dates with properties of their own, cycles, more than {@link MAX_DEPTH}
 *   levels, more than 16,777,216 characters
 */
export function canonicalForm(value: unknown): string {
  return formWithNested(value, (form) => form);
}

/**
 * The canonical form of a value in which every object and array is written as `nested` makes it, such as by its hash.
 * One that occurs often is written once, so that the time does not grow with the number of its occurrences.
 * @param nested is given the form of an object or array; must return a short text, different for different forms
 * @throws like {@link canonicalForm}
 */
export function formWithNested(value: unknown, nested: (form: string) => string): string {
  return formOf(value, 'payload', { nested, written: new Map(), ancestors: new Set() }).text;
}

interface Form {
  readonly text: string;
  /** How deep the value is nested: 0 if it contains nothing. */
  readonly levels: number;
}

interface Writing {
  readonly nested: (form: string) => string;
  readonly written: Map<object, Form>;
  /** The objects that contain this value. */
  readonly ancestors: Set<object>;
}

function formOf(value: unknown, path: string, writing: Writing): Form {
  switch (typeof value) {
    case 'boolean':
      return leaf(String(value));
    case 'string':
      return leaf(formOfText(value, path));
    case 'number':
      if (!Number.isFinite(value)) throw unsupported(path, String(value));
      return leaf(JSON.stringify(value));
    case 'object':
      if (value === null) return leaf('null');
      return types.isDate(value) ? leaf(formOfDate(value, path)) : formOfObject(value, path, writing);
    default:
      throw unsupported(path, value === undefined ? 'undefined' : `a ${typeof value}`);
  }
}

function leaf(text: string): Form {
  return { text, levels: 0 };
}

function formOfText(text: string, path: string): string {
  if (/\p{Surrogate}/u.test(text)) throw unsupported(path, 'a string with a lone surrogate');
  return JSON.stringify(text);
}

function formOfDate(date: Date, path: string): string {
  if (!inheritsFrom(date, Date)) throw unsupported(path, `an instance of ${classOf(date)}`);
  if (Reflect.ownKeys(date).length > 0) throw unsupported(path, 'a date with properties of its own');
  if (Number.isNaN(date.getTime())) throw unsupported(path, 'an invalid date');
  return `Date("${date.toISOString()}")`;
}

function formOfObject(value: object, path: string, writing: Writing): Form {
  const { nested, written, ancestors } = writing;
  if (ancestors.has(value)) throw unsupported(path, 'a cycle');
  const known = written.get(value);
  if (ancestors.size + (known?.levels ?? 1) > MAX_DEPTH) {
    throw unsupported(path, `nested more than ${MAX_DEPTH} levels deep`);
  }
  if (known !== undefined) return known;
  if (types.isProxy(value)) throw unsupported(path, 'a proxy');
  ancestors.add(value);
  const isArray = Array.isArray(value);
  const parts = isArray ? formsOfItems(value, path, writing) : formsOfProperties(value, path, writing);
  ancestors.delete(value);
  const length = parts.reduce((sum, { text }) => sum + text.length + 1, 1);
  if (length > MAX_LENGTH) throw unsupported(path, `longer than ${MAX_LENGTH} characters`);
  const content = parts.map(({ text }) => text).join(',');
  const form = {
    text: nested(isArray ? `[${content}]` : `{${content}}`),
    levels: parts.reduce((most, { levels }) => Math.max(most, levels), 0) + 1,
  };
  written.set(value, form);
  return form;
}

function formsOfItems(array: readonly unknown[], path: string, writing: Writing): readonly Form[] {
  if (!inheritsFrom(array, Array)) throw unsupported(path, `an instance of ${classOf(array)}`);
  const forms: Form[] = [];
  for (let index = 0; index < array.length; index += 1) {
    const pathOfItem = `${path}[${index}]`;
    forms.push(formOf(ownValue(array, index, pathOfItem), pathOfItem, writing));
  }
  if (Reflect.ownKeys(array).length > array.length + 1) throw unsupported(path, 'an array with properties of its own');
  return forms;
}

function formsOfProperties(value: object, path: string, writing: Writing): readonly Form[] {
  if (Object.getPrototypeOf(value) !== null && !inheritsFrom(value, Object)) {
    throw unsupported(path, `an instance of ${classOf(value)}`);
  }
  if (Object.getOwnPropertySymbols(value).length > 0) throw unsupported(path, 'an object with symbols as keys');
  return Object.getOwnPropertyNames(value)
    .sort((one, other) => (one < other ? -1 : 1))
    .flatMap((key) => {
      const pathOfProperty = `${path}${/^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`}`;
      const property = ownValue(value, key, pathOfProperty);
      if (property === undefined) return [];
      const { text, levels } = formOf(property, pathOfProperty, writing);
      return [{ text: `${formOfText(key, pathOfProperty)}:${text}`, levels }];
    });
}

/** The value of a property of the object itself; undefined for a hole in an array. */
function ownValue(object: object, key: PropertyKey, path: string): unknown {
  const property = Object.getOwnPropertyDescriptor(object, key);
  if (property === undefined) return undefined;
  if (!('value' in property)) throw unsupported(path, 'a computed property');
  if (property.enumerable !== true) throw unsupported(path, 'a hidden property');
  return property.value;
}

/** Whether an object inherits from this built-in class and nothing else, or from that of another realm. */
function inheritsFrom(value: object, builtIn: ObjectConstructor | ArrayConstructor | DateConstructor): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === builtIn.prototype) return true;
  if (typeof prototype !== 'object' || prototype === null) return false;
  // An object of another `vm` context inherits from the same built-in classes of that context.
  const of: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return typeof of === 'function' && of.prototype === prototype && sourceOf(of) === sourceOf(builtIn);
}

/** Of a built-in class, `function Object() { [native code] }`: no other function has that source. */
function sourceOf(of: unknown): string {
  return Function.prototype.toString.call(of);
}

function classOf(value: object): string {
  try {
    return value.constructor.name || 'a class';
  } catch {
    return 'a class';
  }
}

function unsupported(path: string, what: string): TypeError {
  return new TypeError(
    `${path} is ${what}, which has no canonical form: use only null, booleans, finite numbers, strings, dates, ` +
      'arrays and plain objects',
  );
}
