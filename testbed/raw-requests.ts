import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';

export type Payload = temporal.api.common.v1.IPayload;

/** A value as our own programs encode it. */
export function encoded(value: unknown): Payload {
  const bytes = (text: string) => new TextEncoder().encode(text);
  return { metadata: { encoding: bytes('json/plain') }, data: bytes(JSON.stringify(value)) };
}

/** The server requires one. */
const POLL_TIMEOUT_MS = 30_000;

/** Requests to the Temporal server with payloads that its client would not encode. */
export function createRawRequests(client: Client) {
  const service = client.workflowService;
  const namespace = 'default';
  return {
    signal: (workflowId: string, signalName: string, ...payloads: readonly Payload[]) =>
      service.signalWorkflowExecution({
        namespace,
        workflowExecution: { workflowId },
        signalName,
        input: { payloads: [...payloads] },
        header: { fields: { poison: payloads[0] ?? {} } },
      }),

    query: (workflowId: string, queryType: string, ...payloads: readonly Payload[]) =>
      service.queryWorkflow({
        namespace,
        execution: { workflowId },
        query: { queryType, queryArgs: { payloads: [...payloads] } },
      }),

    update: (workflowId: string, name: string, ...payloads: readonly Payload[]) =>
      service.updateWorkflowExecution({
        namespace,
        workflowExecution: { workflowId },
        request: { meta: { updateId: randomUUID() }, input: { name, args: { payloads: [...payloads] } } },
        // Until it is completed or refused.
        waitPolicy: { lifecycleStage: 3 },
      }),

    completeActivity: (workflowId: string, activityId: string, result: Payload) =>
      service.respondActivityTaskCompletedById({ namespace, workflowId, activityId, result: { payloads: [result] } }),

    /** The failure is not retried. */
    failActivity: (workflowId: string, activityId: string, type: string, details: Payload) =>
      service.respondActivityTaskFailedById({
        namespace,
        workflowId,
        activityId,
        failure: { applicationFailureInfo: { type, nonRetryable: true, details: { payloads: [details] } } },
      }),

    /** Takes the next workflow task of a queue, as a worker of another program, and completes its workflow. */
    async completeWorkflow(taskQueue: string, result: Payload): Promise<void> {
      const poll = () => service.pollWorkflowTaskQueue({ namespace, taskQueue: { name: taskQueue } });
      const { taskToken } = await client.withDeadline(Date.now() + POLL_TIMEOUT_MS, poll);
      await service.respondWorkflowTaskCompleted({
        namespace,
        taskToken,
        // COMMAND_TYPE_COMPLETE_WORKFLOW_EXECUTION
        commands: [{ commandType: 4, completeWorkflowExecutionCommandAttributes: { result: { payloads: [result] } } }],
      });
    },

    /** Takes the next workflow task of a queue, as a worker whose workflow code throws. */
    async failWorkflowTask(taskQueue: string, failure: temporal.api.failure.v1.IFailure): Promise<void> {
      const poll = () => service.pollWorkflowTaskQueue({ namespace, taskQueue: { name: taskQueue } });
      const { taskToken } = await client.withDeadline(Date.now() + POLL_TIMEOUT_MS, poll);
      // WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE
      await service.respondWorkflowTaskFailed({ namespace, taskToken, cause: 14, failure });
    },

    /** @param more further fields of the start */
    start: (
      taskQueue: string,
      workflowType: string,
      workflowId: string,
      payloads: readonly Payload[],
      more: temporal.api.workflowservice.v1.IStartWorkflowExecutionRequest = {},
    ) =>
      service.startWorkflowExecution({
        namespace,
        requestId: randomUUID(),
        workflowId,
        workflowType: { name: workflowType },
        taskQueue: { name: taskQueue },
        input: { payloads: [...payloads] },
        ...more,
      }),
  };
}

export type RawRequests = ReturnType<typeof createRawRequests>;
