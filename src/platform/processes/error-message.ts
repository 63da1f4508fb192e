import { isNativeError } from 'node:util/types';

/** What an error says, for a message that has it as its reason; also of errors from another realm, as jest's tests are. */
export function errorMessage(error: unknown): string {
  return isNativeError(error) ? error.message : String(error);
}
