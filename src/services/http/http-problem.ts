/** An answer from 400 up: what went wrong, for people and, as a stable code, for programs. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  /**
   * @param code in SCREAMING_SNAKE_CASE
   * @param message what was expected, what came and what to do; it leaves the service as it is
   */
  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}
