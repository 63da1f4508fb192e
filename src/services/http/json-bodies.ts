import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { Server } from './create-server.ts';
import { HttpProblem } from './http-problem.ts';

/**
 * Makes a scope read bodies as strict JSON: in UTF-8, with each name once in an object.
 * @param parse default `JSON.parse`
 */
export function useJsonBodies(scope: Server, parse: (text: string) => unknown = JSON.parse): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, bytes: Buffer) => {
      refuseOtherCharsets(request);
      return parseStrictly(decode(bytes), parse);
    },
  );
}

/**
 * Refuses a body that must be decoded first, which no route does.
 * @throws HttpProblem 415
 */
export function refuseEncodings({ headers }: IncomingMessage): void {
  const { 'content-encoding': content = 'identity', 'transfer-encoding': transfer = 'chunked' } = headers;
  if (content.trim().toLowerCase() === 'identity' && transfer.trim().toLowerCase() === 'chunked') return;
  throw unsupported('a body must not be compressed: send it without Content-Encoding', {
    'Accept-Encoding': 'identity',
  });
}

function refuseOtherCharsets({ headers }: FastifyRequest): void {
  const charsets = (headers['content-type'] ?? '').matchAll(/;\s*charset\s*=\s*("?)([^";\s]*)\1/gi);
  for (const [, , charset = ''] of charsets) {
    if (!/^utf-?8$/i.test(charset)) throw unsupported('a body must be JSON in UTF-8');
  }
}

function unsupported(message: string, headers: Readonly<Record<string, string>> = {}): HttpProblem {
  return new HttpProblem(415, 'UNSUPPORTED_MEDIA_TYPE', message, headers);
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

function decode(bytes: Buffer): string {
  try {
    return UTF_8.decode(bytes);
  } catch (error) {
    throw invalid('it is not UTF-8', error);
  }
}

function parseStrictly(text: string, parse: (text: string) => unknown): unknown {
  try {
    const body = parse(text);
    const name = repeatedName(text);
    if (name === undefined) return body;
    throw new SyntaxError(`Duplicate key '${name}'`);
  } catch (error) {
    throw invalid(error instanceof SyntaxError ? error.message : 'it is nested too deeply', error);
  }
}

function invalid(reason: string, cause: unknown): HttpProblem {
  const problem = new HttpProblem(400, 'INVALID_JSON', `the body is not valid JSON: ${reason}`);
  problem.cause = cause;
  return problem;
}

/**
 * The first name that occurs twice in one object, where it would be unclear which value is meant.
 * @param json valid, which this relies on
 */
function repeatedName(json: string): string | undefined {
  const open: Set<string>[] = [];
  let text = '';
  for (let index = 0; index < json.length; index += 1) {
    const character = json[index];
    if (character === '"') {
      const end = endOfText(json, index);
      text = json.slice(index, end);
      index = end - 1;
    } else if (character === ':') {
      const name = text.includes('\\') ? String(JSON.parse(text)) : text.slice(1, -1);
      if (open.at(-1)?.has(name)) return name;
      open.at(-1)?.add(name);
    } else if (character === '{' || character === '[') open.push(new Set());
    else if (character === '}' || character === ']') open.pop();
  }
  return undefined;
}

/** The index after the quotation mark that ends the text which begins at an index. */
function endOfText(json: string, start: number): number {
  let end = start + 1;
  while (end < json.length && json[end] !== '"') end += json[end] === '\\' ? 2 : 1;
  return end + 1;
}
