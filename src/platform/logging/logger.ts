import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { errorMessages } from '../../contracts/errors.ts';
import { maskOutput } from '../secrets/mask-output.ts';
import { createLogOutput } from './log-output.ts';

export type { Logger } from 'pino';

/**
 * The logger of all programs: JSON lines for machines. Secrets are masked, in fields and in messages. Logging
 * never blocks: lines that nobody reads are dropped and counted.
 * @param name of the program, such as `worker`
 */
export function createLogger(
  name: string,
  level: string,
  destination: DestinationStream = standardOutput(name),
): Logger {
  return pino({ ...FORMAT, name, level }, destination);
}

const FORMAT: LoggerOptions = {
  timestamp: pino.stdTimeFunctions.isoTime,
  hooks: { streamWrite: maskOutput },
  serializers: { err: fieldsOfError },
};

function standardOutput(name: string): DestinationStream {
  return createLogOutput(process.stdout, (dropped) => {
    const lines: string[] = [];
    const logger = pino({ ...FORMAT, name }, { write: (line: string) => void lines.push(line) });
    logger.warn({ dropped }, `${dropped} log lines were dropped, because they could not be written`);
    return lines.join('');
  });
}

/** What the log says about an error. An error that cannot be read must not become one of the code that reports it. */
function fieldsOfError(error: Error): object {
  try {
    return pino.stdSerializers.err(error);
  } catch {
    return { message: errorMessages(error) };
  }
}
