import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import { GUARANTEES, type Guarantee } from 'exactly-one';
import { type DemoResult, labelParcels } from '../../examples/shipping-labels/demo.ts';
import { bundleWorkflows } from '../../examples/shipping-labels/worker.ts';
import { counted } from '../../src/contracts/counted.ts';
import { MAX_SEED } from '../../src/contracts/whole-number.ts';
import { colors } from '../../src/platform/logging/colors.ts';
import { createCommandLine, oneOf, runCommandLine, wholeNumber } from '../../src/platform/processes/command-line.ts';
import { runProgram } from '../../src/platform/processes/run-program.ts';
import { startDevServer } from '../../src/platform/temporal/dev-server.ts';
import { findTemporalCli } from '../../src/platform/temporal/find-cli.ts';

const MAX_PARCELS = 100;

interface Options {
  readonly parcels: number;
  readonly seed: number;
  readonly guarantee: Guarantee;
  readonly json: boolean;
}

const commandLine = createCommandLine('npm run example --', {
  description:
    'Gets labels for parcels from a carrier that fails before and after it prints, and counts the printed labels. Starts its own Temporal server.',
  exitCodes: { 0: 'every parcel has exactly one live label', 1: 'not every one' },
})
  .option('--parcels <n>', `how many parcels, 1 to ${MAX_PARCELS}`, wholeNumber(1, MAX_PARCELS), 10)
  .option('--seed <n>', 'seed of the faults; the same seed gives the same faults', wholeNumber(0, MAX_SEED), 112_358)
  .option(
    '--guarantee <name>',
    `guarantee of the carrier: ${GUARANTEES.join(', ')}`,
    oneOf('a guarantee', GUARANTEES),
    'none',
  )
  .option('--json', 'print one JSON object', false);

await runProgram(() => runCommandLine(commandLine, process.argv.slice(2), runExample));

/** @returns the exit code */
async function runExample({ parcels, seed, guarantee, json }: Options): Promise<number> {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    // Ctrl-C ends this program and everything that it has started.
    shutdownSignals: [],
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } },
  });
  const [server, workflowBundle] = await Promise.all([
    findTemporalCli().then((cliPath) => startDevServer({ cliPath, uiPort: 'none' })),
    bundleWorkflows(),
  ]);
  try {
    const parcelIds = Array.from({ length: parcels }, (_, index) => `parcel-${index}`);
    const result = await labelParcels({ address: server.address, workflowBundle, parcelIds, guarantee, seed });
    if (json) console.log(JSON.stringify(result));
    else print(result);
    return result.ok ? 0 : 1;
  } finally {
    await server.stop();
  }
}

function print({ ok, audit, parcels }: DemoResult): void {
  for (const { parcelId, label, creates, isTheLiveOne } of parcels) {
    console.log(
      `${parcelId.padEnd(10)}  ${counted(creates, 'create').padStart(10)}  ${isTheLiveOne ? label : colors.red(label)}`,
    );
  }
  const { exactlyOne, duplicates, missing, creates, printed, voided } = audit;
  console.log(
    `\nthe carrier received ${counted(creates, 'create')}, printed ${counted(printed, 'label')} and voided ${voided} of them`,
  );
  const verdict = `${counted(audit.parcels, 'parcel')}, ${exactlyOne} with exactly one live label, ${counted(duplicates, 'duplicate')}, ${missing} missing`;
  console.log(ok ? colors.green(verdict) : colors.red(verdict));
}
