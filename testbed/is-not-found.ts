import { isGrpcServiceError } from '@temporalio/client';

/** The gRPC status NOT_FOUND. */
const NOT_FOUND = 5;

/** Whether a call to Temporal failed because what it asked for does not exist, or exists no longer. */
export function isNotFound(error: unknown): boolean {
  return isGrpcServiceError(error) && error.code === NOT_FOUND;
}
