// The native part of the SDK logs its structures as Rust's debug format writes them. These functions read it.

const MESSAGE = /\bmessage: "((?:[^"\\]|\\.)*)"/g;
const STACK = /\bstack_trace: "((?:[^"\\]|\\.)*)"/g;

/** The failure of a workflow task, such as one whose commands do not match the history. */
export function readTaskFailure(dump: string): { readonly message: string; readonly stack: string } {
  const [message = dump] = textsOf(MESSAGE, dump);
  const [stack = ''] = textsOf(STACK, dump);
  return { message, stack };
}

/** Why the server could not be called: `tcp connect error, Connection refused`. */
export function readCallError(dump: string): string {
  return [...new Set(textsOf(MESSAGE, dump))].join(', ') || dump;
}

function textsOf(field: RegExp, dump: string): readonly string[] {
  return [...dump.matchAll(field)].map(([, text = '']) => unescaped(text)).filter((text) => text !== '');
}

function unescaped(text: string): string {
  try {
    return JSON.parse(`"${text.replaceAll("\\'", "'")}"`);
  } catch {
    return text;
  }
}
