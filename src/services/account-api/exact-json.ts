import { parse, stringify } from 'lossless-json';
import type { Server } from '../http/create-server.ts';
import { HttpProblem } from '../http/http-problem.ts';

/** A number of a request's body: its decimal text, of which nobody has made a binary fraction. */
export class NumberText {
  readonly text: string;
  /** Makes every number another one, since the parser lets a key be repeated with an equal value. */
  readonly position: number;

  constructor(text: string, position: number) {
    this.text = text;
    this.position = position;
  }
}

/** Makes the routes of a scope read and write the numbers in their bodies as decimal text. A missing body is undefined. */
export function useExactJson(scope: Server): void {
  scope.removeContentTypeParser('application/json');
  scope.addContentTypeParser('application/json', { parseAs: 'string' }, async (_request: unknown, text: string) =>
    text === '' ? undefined : parseExactly(text),
  );
  scope.setReplySerializer((answer) => stringify(answer) ?? '');
}

/** @throws HttpProblem 400, for a repeated key too: nobody knows which of the two was meant */
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
