import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import { Command, InvalidArgumentError, Option } from 'commander';
import { GUARANTEES, type Guarantee } from 'exactly-one';
import { nanoid } from 'nanoid';
import { colors } from '../../../src/platform/logging/colors.ts';
import { runProgram } from '../../../src/platform/processes/run-program.ts';
import { startDevServer } from '../../../src/platform/temporal/dev-server.ts';
import { findTemporalCli } from '../../../src/platform/temporal/find-cli.ts';
import { bundleWorkflows } from '../worker.ts';
import { seededFaults } from './seeded-faults.ts';
import { type Stage, setStage } from './stage.ts';

const WRONG_USE = 2;
const MOST_PARCELS = 100;

interface Options {
  readonly parcels: number;
  readonly seed: number;
  readonly guarantee: Guarantee;
  readonly json: boolean;
}

const command = new Command('npm run example --')
  .description(
    'Has parcels labelled by a carrier that fails before and after it acts, on a Temporal server of its own, and counts what was printed.',
  )
  .option('--parcels <n>', `how many, 1 to ${MOST_PARCELS}`, wholeNumber(1, MOST_PARCELS), 10)
  .option('--seed <n>', 'of the faults; the same seed makes the same faults', wholeNumber(0, 4_294_967_295), 112_358)
  .addOption(new Option('--guarantee <name>', 'what the carrier promises').choices(GUARANTEES).default('none'))
  .option('--json', 'one JSON object', false)
  .addHelpText('after', '\nExit code: 0 exactly one live label for every parcel, 1 otherwise, 2 wrong use.')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : WRONG_USE))
  .parse();

await runProgram(() => labelParcels(command.opts<Options>()));

/** @returns the exit code */
async function labelParcels({ parcels, seed, guarantee, json }: Options): Promise<number> {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    // Ctrl-C ends the program, and with it all that it has started.
    shutdownSignals: [],
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } },
  });
  const [server, workflowBundle] = await Promise.all([
    findTemporalCli().then((cliPath) => startDevServer({ cliPath, uiPort: 'none' })),
    bundleWorkflows(),
  ]);
  const { address } = server;
  const stage = await setStage({
    ...{ address, workflowBundle, guarantee },
    taskQueue: `labels-${nanoid()}`,
    faults: seededFaults(seed),
  });
  try {
    const lines = await Promise.all(
      Array.from({ length: parcels }, (_, index) => labelParcel(stage, `parcel-${index}`)),
    );
    await stage.untilNothingInFlight();
    const audit = stage.store.audit();
    const ok = audit.exactlyOne === parcels && lines.every(({ isTheLiveOne }) => isTheLiveOne);
    if (json) console.log(JSON.stringify({ ok, seed, guarantee, audit, parcels: lines }));
    else print(lines, audit, ok);
    return ok ? 0 : 1;
  } finally {
    await stage.close();
    await server.stop();
  }
}

async function labelParcel({ submit, quiescence, store }: Stage, parcelId: string) {
  await submit(parcelId);
  const end = await quiescence(parcelId);
  const label = 'trackingNumber' in end ? end.trackingNumber : end.message;
  const live = store.live(parcelId);
  return {
    parcelId,
    label,
    creates: store.creates(parcelId),
    live,
    isTheLiveOne: live.length === 1 && live[0] === label,
  };
}

function print(
  lines: readonly Awaited<ReturnType<typeof labelParcel>>[],
  audit: ReturnType<Stage['store']['audit']>,
  ok: boolean,
): void {
  for (const { parcelId, label, creates, isTheLiveOne } of lines) {
    console.log(
      `${parcelId.padEnd(10)}  ${String(creates).padStart(2)} creates  ${isTheLiveOne ? label : colors.red(label)}`,
    );
  }
  const { parcels, exactlyOne, duplicates, missing, creates, printed, voided } = audit;
  console.log(`\nthe carrier received ${creates} creates, printed ${printed} labels, voided ${voided}`);
  const verdict = `${parcels} parcels, ${exactlyOne} with exactly one live label, ${duplicates} duplicates, ${missing} missing`;
  console.log(ok ? colors.green(verdict) : colors.red(verdict));
}

function wholeNumber(min: number, max: number) {
  return (text: string) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`expected a whole number from ${min} to ${max}`);
  };
}
