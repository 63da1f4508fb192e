import { type DestinationStream, type Logger, pino } from 'pino';
import { maskCardNumbers } from '../../contracts/card-numbers.ts';
import { errorMessages } from '../../contracts/errors.ts';

export type { Logger } from 'pino';

/**
 * The logger of all programs: JSON lines for machines. Every card number is masked, in fields and in messages.
 * @param name of the program, such as `worker`
 */
export function createLogger(name: string, level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      name,
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      hooks: { streamWrite: maskCardNumbers },
      serializers: { err: fieldsOfError },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
}

/** What the log says about an error. An error that cannot be read must not become one of the code that reports it. */
function fieldsOfError(error: Error): object {
  try {
    return pino.stdSerializers.err(error);
  } catch {
    return { message: errorMessages(error) };
  }
}
