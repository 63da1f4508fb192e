import { type RunStatus, runStatus } from 'exactly-one';
import type { Scenario } from '../scenario/scenario.ts';
import { processOrder } from './order-workflow.ts';
import type { Run } from './temporal.ts';
import { ORDER } from './ticket-system.ts';
import type { World } from './world.ts';

/** The starter gives up when the status of the order has changed under it this many times. */
const MAX_TRIES = 10;

/** Submits the order, which starts a run, starts another one, or attaches to the last one. */
export function createStarter(world: World) {
  const { scenario, clocks, temporal, events, checker, protocol, trace } = world;
  const runs: Run[] = [];

  const startRun = (run: Run, resumed: boolean) => {
    runs.push(run);
    trace('starter', () => `starts ${run.runId}${resumed ? ', resumed' : ''}`);
    checker.runStarted({ runId: run.runId, resumed, startedAtMs: clocks.read('Temporal') });
    void processOrder(world, run, resumed);
    events.emit('run started');
  };
  const attach = (found: RunStatus) => {
    trace('starter', () => `attaches to the order, which is ${found}`);
    const status = temporal.latestOf(ORDER.orderId)?.status;
    if (status !== 'RUNNING' && status !== 'COMPLETED') {
      checker.report('submission', `attached to an order that is ${status}`);
    }
  };

  return {
    runs: (): readonly Run[] => runs,
    currentRun: () => runs.findLast(({ status }) => status === 'RUNNING'),
    submit() {
      let status: RunStatus = 'none';
      for (let tries = 0; tries < MAX_TRIES; tries += 1) {
        const submission = protocol.decideSubmission(ORDER.orderId, status);
        if (submission.kind === 'attach') return attach(status);
        const run = temporal.start(submission);
        if (run !== undefined) return startRun(run, submission.resumed);
        const latest = temporal.latestOf(ORDER.orderId);
        status = latest === undefined ? 'none' : runStatus(reportedStatus(scenario, latest));
      }
      checker.report('submission', 'the order was neither started nor attached to');
    },
  };
}

/** Temporal may report an open run as paused, or as having just continued as new. */
function reportedStatus({ jitterSeed }: Scenario, { status }: Run): string {
  const open = ['RUNNING', 'PAUSED', 'CONTINUED_AS_NEW'];
  return status === 'RUNNING' ? (open[jitterSeed % open.length] ?? status) : status;
}
