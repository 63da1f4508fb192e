import { parse, stringify } from 'lossless-json';
import type { Server } from '../http/create-server.ts';
import { HttpProblem } from '../http/http-problem.ts';

/** A number in a request's body, kept as decimal text so that it never becomes a binary fraction. */
export class NumberText {
  readonly text: string;
  /** Makes every number different, because the parser accepts a repeated key if its values are equal. */
  readonly position: number;

  constructor(text: string, position: number) {
    this.text = text;
    this.position = position;
  }
}

/** Makes the routes of a scope read and write numbers as decimal text. A missing body becomes undefined. */
export function useExactJson(scope: Server): void {
  scope.removeContentTypeParser('application/json');
  scope.addContentTypeParser('application/json', { parseAs: 'string' }, async (_request: unknown, text: string) =>
    text === '' ? undefined : parseExactly(text),
  );
  scope.setReplySerializer((body) => stringify(body) ?? '');
}

/** @throws HttpProblem 400, also for a repeated key: it is unclear which value is meant */
function parseExactly(text: string): unknown {
  let position = 0;
  const parseNumber = (number: string) => {
    position += 1;
    return new NumberText(number, position);
  };
  try {
    return parse(text, undefined, { parseNumber });
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : 'it is nested too deeply';
    const problem = new HttpProblem(400, 'INVALID_JSON', `the body is not valid JSON: ${reason}`);
    problem.cause = error;
    throw problem;
  }
}
