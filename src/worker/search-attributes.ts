import type { Logger } from '../platform/logging/logger.ts';
import { ensureSearchAttributes, type OperatorConnection } from '../platform/temporal/search-attributes.ts';

/**
 * Whether orders may set their search attributes: looked up before the worker polls, since an order that sets one
 * which the namespace lacks gets stuck. Where they cannot be added, the commands are logged and orders run without.
 */
export async function mayUseSearchAttributes(
  wanted: boolean,
  connection: OperatorConnection,
  namespace: string,
  logger: Logger,
): Promise<boolean> {
  if (!wanted) return false;
  const result = await ensureSearchAttributes(connection, namespace);
  switch (result.outcome) {
    case 'present':
      return true;
    case 'added':
      logger.info({ names: result.names }, 'search attributes added to the namespace');
      return true;
    case 'missing':
      logger.warn(
        { reason: result.reason, commands: result.commands },
        'orders run without search attributes: the namespace lacks them, and they could not be added; run the commands',
      );
      return false;
  }
}
