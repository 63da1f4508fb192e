import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { maskOutput } from '../secrets/mask-output.ts';
import { columnsOf } from '../terminal/columns-of.ts';
import { colors } from './colors.ts';
import { fieldsOfError } from './error-fields.ts';
import { createLogOutput } from './log-output.ts';
import { createReadableLines } from './readable-line.ts';

export type { Logger } from 'pino';

/**
 * The logger of all programs: readable lines on a terminal, otherwise JSON lines for machines. Secrets are masked, in
 * fields and in messages. Logging never blocks: lines that nobody reads are dropped and counted.
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
  // Fastify and we call an error `err`, Temporal's SDK calls it `error`.
  serializers: { err: fieldsOfError, error: fieldsOfError },
};

function standardOutput(name: string): DestinationStream {
  const { stdout } = process;
  const readable = createReadableLines({ colour: colors.isColorSupported });
  const shown = (line: string) => (stdout.isTTY ? `${readable(line, columnsOf(stdout))}\n` : line);
  const output = createLogOutput(stdout, (dropped) => {
    const lines: string[] = [];
    const logger = pino({ ...FORMAT, name }, { write: (line: string) => void lines.push(line) });
    logger.warn({ dropped }, `${dropped} log lines were dropped, because they could not be written`);
    return lines.map(shown).join('');
  });
  return { write: (line) => output.write(shown(line)) };
}
