import { type DestinationStream, type Logger, pino } from 'pino';
import { maskCardNumbers } from '../../contracts/card-numbers.ts';

export type { Logger } from 'pino';

/**
 * The programs' logger: JSON lines for machines, with every card number masked whatever field or message it stands in.
 * @param name the program, such as `worker`
 */
export function createLogger(name: string, level: string, destination?: DestinationStream): Logger {
  return pino(
    { name, level, timestamp: pino.stdTimeFunctions.isoTime, hooks: { streamWrite: maskCardNumbers } },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
}
