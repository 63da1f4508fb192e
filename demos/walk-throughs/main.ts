import { GUARANTEES } from 'exactly-one';
import { didYouMean } from '../../src/contracts/did-you-mean.ts';
import { MAX_SEED } from '../../src/contracts/whole-number.ts';
import { readGuarantee } from '../../src/platform/config/guarantee.ts';
import { colors } from '../../src/platform/logging/colors.ts';
import { createCommandLine, oneOf, runCommandLine, wholeNumber } from '../../src/platform/processes/command-line.ts';
import { onStopSignals } from '../../src/platform/processes/on-stop-signals.ts';
import { runProgram } from '../../src/platform/processes/run-program.ts';
import { ACCOUNT_PRESETS } from '../../src/services/faults/account-faults.ts';
import { TICKET_SYSTEM_PRESETS } from '../../src/services/faults/ticket-system-faults.ts';
import { createNarrator, type Narrator } from '../../testbed/narrator.ts';
import { type Stage, setStage } from '../../testbed/stage.ts';
import { crash } from './crash.ts';
import { errors } from './errors.ts';
import { idempotence } from './idempotence.ts';
import { liveFix } from './live-fix.ts';
import { liveFixTransfer } from './live-fix-transfer.ts';
import { mainDemo } from './main-demo.ts';
import type { DemoOptions, DemoResult } from './options.ts';
import { simple } from './simple.ts';
import { transfer } from './transfer.ts';

type Demo = (stage: Stage, narrator: Narrator, options: DemoOptions) => Promise<DemoResult>;

const DEMOS: Readonly<Record<string, Demo>> = {
  main: mainDemo,
  simple,
  crash,
  errors,
  idempotence,
  'live-fix': liveFix,
  transfer,
  'live-fix-transfer': liveFixTransfer,
};

/** These demos call the account API, the others the ticket system. */
const TRANSFER_DEMOS: ReadonlySet<string> = new Set(['transfer', 'live-fix-transfer']);

const MAX_ORDERS = 200;

await runProgram(() => runDemo(process.argv.slice(2)));

/** @returns the exit code */
async function runDemo(args: readonly string[]): Promise<number> {
  const names = Object.keys(DEMOS);
  const program = createCommandLine('npm run demo --', {
    description: 'Runs a demo on free ports with its own database, and ends with the verdict of an audit.',
    exitCodes: { 0: 'the verdict is good', 1: 'it is not, or the demo was stopped' },
  })
    .argument('[name]', `one of ${names.join(', ')}`, oneOf('a demo', names), 'main')
    .option('--orders <n>', `how many orders or transfers, 1 to ${MAX_ORDERS}`, wholeNumber(1, MAX_ORDERS))
    .option('--seed <n>', 'seed of the faults; the same seed gives the same faults', wholeNumber(0, MAX_SEED), 112_358)
    .option('--mode <guarantee>', `guarantee of the ticket system: ${GUARANTEES.join(', ')}`, readGuarantee, 'none')
    .option('--faults <preset>', 'fault preset of the service that the demo calls')
    .option('--json', 'print one JSON object; progress goes to stderr', false)
    .option('--keep', "keep everything running, so that you can explore Temporal's UI", false);
  return runCommandLine(program, args, async (name: string, options: DemoOptions) => {
    const demo = DEMOS[name];
    if (demo === undefined) throw new Error(`there is no demo ${name}`);
    const { faults } = options;
    const presets = Object.keys(TRANSFER_DEMOS.has(name) ? ACCOUNT_PRESETS : TICKET_SYSTEM_PRESETS);
    if (faults !== undefined && !presets.includes(faults)) {
      const allowed = `choose one of ${presets.join(', ')}.${didYouMean(faults, presets)}`;
      program.error(`error: '${faults}' is not a fault preset for ${name}: ${allowed}`);
    }
    return play(demo, options);
  });
}

async function play(demo: Demo, options: DemoOptions): Promise<number> {
  const narrator = createNarrator(options.json);
  narrator.step('starting a Temporal server and the services');
  const stopped = new Promise<'stopped'>((resolve) => {
    onStopSignals(
      () => resolve('stopped'),
      () => process.exit(1),
    );
  });
  const stage = await setStage(options.mode);
  try {
    const result = await Promise.race([stopped, demo(stage, narrator, options)]);
    if (result === 'stopped') {
      narrator.line('stopped before the demo had ended');
      return 1;
    }
    if (options.keep) await keepRunning(stage, narrator, stopped);
    narrator.end();
    console.log(
      options.json
        ? JSON.stringify(result.details)
        : result.ok
          ? colors.green(result.summary)
          : colors.red(result.summary),
    );
    return result.ok ? 0 : 1;
  } finally {
    narrator.end();
    await stage.close();
  }
}

async function keepRunning(stage: Stage, narrator: Narrator, stopped: Promise<unknown>): Promise<void> {
  narrator.line(`Temporal's UI     ${stage.uiAddress ?? `of your server at ${stage.temporalAddress}`}`);
  narrator.line(`ticket system     ${stage.ticketSystemUrl}/docs`);
  narrator.line(`its database      ${stage.databaseDir}`);
  narrator.line('Ctrl-C stops everything.');
  await stopped;
}
