import { maskedBeginning } from '../../contracts/secrets.ts';

/** An error response: a status from 400 up, a message for people, and a stable code for programs. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly details: Readonly<Record<string, unknown>>;

  /**
   * @param code in SCREAMING_SNAKE_CASE
   * @param message what is wrong, what was given and what to do; the client sees it
   * @param details more properties of the body, next to `error` and `code`
   */
  constructor(
    status: number,
    code: string,
    message: string,
    headers: Readonly<Record<string, string>> = {},
    details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
    this.details = details;
  }
}

const MAX_MESSAGE_LENGTH = 500;

/** The body of an error response: `{ error, code, ...details }`. Its message is masked and cut: it may quote a request. */
export function bodyOf({ message, code, details }: HttpProblem): { error: string; code: string } {
  return { error: maskedBeginning(message, MAX_MESSAGE_LENGTH), code, ...details };
}

/** Tells a client to call again in a second. */
export const RETRY_SOON = { 'Retry-After': '1' };

export function internalError(): HttpProblem {
  return new HttpProblem(500, 'INTERNAL_ERROR', 'something went wrong in the service; see its log');
}
