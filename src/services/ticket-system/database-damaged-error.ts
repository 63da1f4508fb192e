import { HttpProblem } from '../http/http-problem.ts';

/** A file of the database is not what it should be. Nothing is guessed: somebody has to look at it. */
export class DatabaseDamagedError extends HttpProblem {
  /** @param file path within the database folder */
  constructor(file: string, reason: string, cause?: unknown) {
    super(500, 'DATABASE_DAMAGED', `the database is damaged: ${file}: ${reason}; mend or remove the file`);
    this.cause = cause;
  }
}
