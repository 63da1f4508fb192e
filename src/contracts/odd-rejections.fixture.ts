/** What code may throw although hardly anybody expects it. Reading some of them throws. */
export const ODD_REJECTIONS: readonly (readonly [what: string, thrown: unknown])[] = [
  ['null', null],
  ['undefined', undefined],
  ['a symbol', Symbol('thrown')],
  ['a function', () => 1],
  ['an object without a prototype', Object.create(null)],
  ['a frozen error', Object.freeze(new Error('frozen'))],
  ['a revoked proxy', revokedProxy()],
  ['a proxy that throws', new Proxy(new Error('behind a proxy'), { get: fails, has: fails, getPrototypeOf: fails })],
  ['an object that cannot be text', { toString: () => ({}), valueOf: () => ({}) }],
  ['an error without text', Object.assign(new Error('no text'), { toString: fails })],
  ['an error whose properties throw', withThrowingProperties()],
  ['an error whose message is no text', Object.assign(new Error('replaced'), { message: Symbol('message') })],
  ['an error that is its own cause', withItself('cause')],
  ['an error that contains itself often', withItself('errors')],
  ['an error with a revoked list of errors', Object.assign(new Error('revoked'), { errors: revokedProxy() })],
];

function fails(): never {
  throw new Error('reading it failed');
}

function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable([], {});
  revoke();
  return proxy;
}

function withThrowingProperties(): Error {
  const error = new Error('replaced');
  for (const name of ['message', 'name', 'status', 'code', 'cause', 'errors', 'transient', 'retryAfterMs']) {
    Object.defineProperty(error, name, { get: fails });
  }
  return error;
}

function withItself(field: 'cause' | 'errors'): Error {
  const error = new Error(field);
  return Object.assign(error, { [field]: field === 'cause' ? error : Array.from({ length: 20 }, () => error) });
}
