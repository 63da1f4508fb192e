/** The workflow id of the late watch of one run of an order: two runs may each have a watch that is open. */
export function lateWatchId(orderId: string, runId: string): string {
  return `${orderId}:late-watch:${runId}`;
}
