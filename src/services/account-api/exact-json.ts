import { parse, stringify } from 'lossless-json';
import type { Server } from '../http/create-server.ts';
import { useJsonBodies } from '../http/json-bodies.ts';

/** A number in a request's body, kept as decimal text so that it never becomes a binary fraction. */
export class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Makes the routes of a scope read and write numbers as decimal text. A missing body becomes undefined. */
export function useExactJson(scope: Server): void {
  const parseNumber = (number: string) => new NumberText(number);
  useJsonBodies(scope, (text) => (text === '' ? undefined : parse(text, undefined, { parseNumber })));
  scope.setReplySerializer((body) => stringify(body) ?? '');
}
