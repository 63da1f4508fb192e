// The native part of the SDK logs its structures as Rust's debug format writes them. These functions read it.

const MESSAGE = /\bmessage: "((?:[^"\\]|\\.)*)"/g;
const STACK = /\bstack_trace: "((?:[^"\\]|\\.)*)"/g;

/** Names of what went wrong, where nothing has a message: `code: Unavailable`, `kind: ConnectionRefused`. */
const NAME = /\b(?:code|kind|force_cause): ([A-Z]\w*)/g;
const STRUCTURE = /^\w+ [{(]/;

/** The failure of a workflow task, such as one whose commands do not match the history. */
export function readTaskFailure(dump: string): { readonly message: string; readonly stack: string } {
  const [message = withoutMessage(dump)] = textsOf(MESSAGE, dump);
  const [stack = ''] = textsOf(STACK, dump);
  return { message, stack };
}

/** Why the server could not be called: `tcp connect error, Connection refused`. */
export function readCallError(dump: string): string {
  return [...new Set(textsOf(MESSAGE, dump))].join(', ') || withoutMessage(dump);
}

function textsOf(field: RegExp, dump: string): readonly string[] {
  return [...dump.matchAll(field)].map(([, text = '']) => unescaped(text)).filter((text) => text !== '');
}

/** What is no structure is a text for people already. */
function withoutMessage(dump: string): string {
  if (!STRUCTURE.test(dump)) return dump;
  const names = [...dump.matchAll(NAME)].map(([, name]) => name);
  return [...new Set(names)].join(', ') || 'without a message';
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', 0: '\0' };

/** https://doc.rust-lang.org/std/primitive.char.html#method.escape_debug */
function unescaped(text: string): string {
  return text.replaceAll(
    /\\(?:u\{((?:10|[\da-f])?[\da-f]{1,4})\}|(.))/gs,
    (_, code: string | undefined, letter = '') =>
      code === undefined ? (ESCAPES[letter] ?? letter) : String.fromCodePoint(Number.parseInt(code, 16)),
  );
}
