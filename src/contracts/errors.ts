import { isNativeError } from 'node:util/types';

/** What an error says, to be quoted in another message. Works for errors of another realm too, such as jest's. */
export function errorMessage(error: unknown): string {
  return isNativeError(error) ? error.message : String(error);
}

/** The messages of an error and all its causes: the outermost message of a Temporal failure rarely says enough. */
export function errorMessages(error: Error): string {
  return error.cause instanceof Error ? `${error.message}: ${errorMessages(error.cause)}` : error.message;
}

/** The `code` of an error, such as `ENOENT`; undefined where there is none. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
