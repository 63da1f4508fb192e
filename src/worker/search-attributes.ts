import type { Logger } from '../platform/logging/logger.ts';
import { ensureSearchAttributes, type OperatorConnection } from '../platform/temporal/search-attributes.ts';

/**
 * Whether orders may set search attributes. Checked before the worker polls: an order that sets an attribute which the
 * namespace lacks gets stuck. Missing ones are added; if that fails, the commands to add them are logged.
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
