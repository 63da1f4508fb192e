import type { Logger } from '../platform/logging/logger.ts';
import { ensureSearchAttributes, type OperatorConnection } from '../platform/temporal/search-attributes.ts';

/**
 * Whether orders may set search attributes. To be called before the worker polls, because an order that sets an
 * attribute which the namespace lacks gets stuck. Adds missing ones, or logs the commands that add them.
 * @param wanted the setting `SEARCH_ATTRIBUTES`
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
        'orders run without search attributes: the namespace lacks them, and they could not be added; run these commands',
      );
      return false;
  }
}
