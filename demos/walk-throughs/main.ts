import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { GUARANTEES } from 'exactly-one';
import { MAX_SEED } from '../../src/contracts/whole-number.ts';
import { readGuarantee } from '../../src/platform/config/guarantee.ts';
import { colors } from '../../src/platform/logging/colors.ts';
import { wholeNumber } from '../../src/platform/processes/command-line.ts';
import { onStopSignals } from '../../src/platform/processes/on-stop-signals.ts';
import { runProgram } from '../../src/platform/processes/run-program.ts';
import { ACCOUNT_PRESETS } from '../../src/services/faults/account-presets.ts';
import { TICKET_SYSTEM_PRESETS } from '../../src/services/faults/ticket-system-presets.ts';
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
  scenario: mainDemo,
  simple,
  crash,
  errors,
  idempotence,
  'live-fix': liveFix,
  transfer,
  'live-fix-transfer': liveFixTransfer,
};

/** The others call the ticket system. */
const ABOUT_MONEY: ReadonlySet<string> = new Set(['transfer', 'live-fix-transfer']);

const WRONG_USE = 2;
const MOST_ORDERS = 200;

await runProgram(() => runDemo(process.argv.slice(2)));

/** @returns the exit code: 0 when the demo went as it must, 1 otherwise, 2 wrong use */
async function runDemo(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  const names = Object.keys(DEMOS);
  const program = new Command('npm run demo --')
    .description('Plays a demo on free ports with a database of its own; says at the end what an audit has counted.')
    .exitOverride()
    .showHelpAfterError()
    .argument('[name]', `one of ${names.join(', ')}`, demoName, 'scenario')
    .option('--orders <n>', `how many orders or transfers, 1 to ${MOST_ORDERS}`, wholeNumber(1, MOST_ORDERS))
    .option('--seed <n>', 'of the faults; the same seed makes the same faults', wholeNumber(0, MAX_SEED), 112_358)
    .option('--mode <guarantee>', `of the ticket system: ${GUARANTEES.join(', ')}`, readGuarantee, 'none')
    .option('--faults <preset>', 'of the service that the demo calls')
    .option('--json', 'one JSON object; what is told goes to stderr', false)
    .option('--keep', "leave it running, to look into Temporal's UI", false)
    .action(async (name: string, options: DemoOptions) => {
      const demo = DEMOS[name];
      const presets = Object.keys(ABOUT_MONEY.has(name) ? ACCOUNT_PRESETS : TICKET_SYSTEM_PRESETS);
      if (options.faults !== undefined && !presets.includes(options.faults)) {
        program.error(`error: ${name} has no faults '${options.faults}': choose one of ${presets.join(', ')}.`);
      }
      if (demo !== undefined) exitCode = await play(demo, options);
    });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USE;
    throw error;
  }
  return exitCode;
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
      narrator.line('stopped before the end');
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
  narrator.line(`Temporal's UI     ${stage.uiAddress ?? `that of your server at ${stage.temporalAddress}`}`);
  narrator.line(`the ticket system ${stage.ticketSystemUrl}/docs`);
  narrator.line(`its database      ${stage.databaseDir}`);
  narrator.line('Ctrl-C stops all.');
  await stopped;
}

function demoName(name: string): string {
  if (Object.hasOwn(DEMOS, name)) return name;
  throw new InvalidArgumentError(`there is no such demo; there are ${Object.keys(DEMOS).join(', ')}.`);
}
