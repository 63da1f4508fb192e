import {
  ApplicationFailure,
  DefaultFailureConverter,
  defaultPayloadConverter,
  type PayloadConverter,
} from '@temporalio/common';

/**
 * How workflows and starters read and write payloads and failures: as by default, but reading never fails. The SDK reads
 * them before any code of ours sees them. In a workflow, an error there fails its task again and again, for ever.
 * https://docs.temporal.io/develop/typescript/converters-and-encryption
 */
export const payloadConverter: PayloadConverter = {
  toPayload: (value, ...context) => defaultPayloadConverter.toPayload(value, ...context),
  fromPayload<T>(...payload: Parameters<typeof defaultPayloadConverter.fromPayload<T>>): T {
    try {
      return defaultPayloadConverter.fromPayload<T>(...payload);
    } catch (error) {
      // The interface lets the caller name any type. The code that uses the value validates it.
      return undecodable(error) as T;
    }
  },
};

/** Stands for a payload that cannot be decoded. It has none of the fields that a workflow expects. */
function undecodable(error: unknown): object {
  return { toJSON: () => `a payload that cannot be decoded: ${messageOf(error)}` };
}

class TotalFailureConverter extends DefaultFailureConverter {
  /** It is called for each cause of a failure too, so only those that cannot be read are replaced. */
  override failureToError(...failure: Parameters<DefaultFailureConverter['failureToError']>) {
    try {
      return super.failureToError(...failure);
    } catch (error) {
      return ApplicationFailure.nonRetryable(`a failure that cannot be decoded: ${messageOf(error)}`);
    }
  }
}

/** As by default, but a failure that cannot be decoded is replaced by one that says so, and nothing is thrown. */
export const failureConverter = new TotalFailureConverter();

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
