/** An answer from 400 up: what went wrong, for people and, as a stable code, for programs. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly details: Readonly<Record<string, unknown>>;

  /**
   * @param code in SCREAMING_SNAKE_CASE
   * @param message what was expected, what came and what to do; it leaves the service as it is
   * @param details further properties of the answer, beside `error` and `code`
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
