import { GUARANTEES, type Guarantee, type Timings } from 'exactly-one';
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
import { type DemoNarrator, withActs } from './acts.ts';
import { count } from './count.ts';
import { crash } from './crash.ts';
import { errors, LIKELIHOOD_PRESETS } from './errors.ts';
import { exportLines } from './export-lines.ts';
import { idempotence } from './idempotence.ts';
import { openKeyboard } from './keyboard.ts';
import { LATE_TICKET_TIMINGS, lateTicket } from './late-ticket.ts';
import { liveFix } from './live-fix.ts';
import { liveFixTransfer } from './live-fix-transfer.ts';
import { mainDemo } from './main-demo.ts';
import type { DemoOptions, DemoResult } from './options.ts';
import { simple } from './simple.ts';
import { transfer } from './transfer.ts';

/** A demo, and what it needs. */
interface Demo {
  /** What it shows, for its help. */
  readonly shows: string;
  readonly play: (stage: Stage, narrator: DemoNarrator, options: DemoOptions) => Promise<DemoResult>;
  /** The fault presets that `--faults` may name; none if the demo has its own faults. */
  readonly presets?: object;
  /** Options that make no difference to it; default none. */
  readonly unused?: readonly ('orders' | 'seed' | 'mode')[];
  /** The only guarantee that shows it; default any. */
  readonly mode?: Guarantee;
  /** Default those of the stage. */
  readonly timings?: Timings;
}

const DEMOS: Readonly<Record<string, Demo>> = {
  main: {
    shows: 'many orders under hostile faults, and a worker that is killed',
    play: mainDemo,
    presets: TICKET_SYSTEM_PRESETS,
  },
  count: { shows: 'what a workflow is, in one minute', play: count, unused: ['orders', 'seed', 'mode'] },
  simple: { shows: 'an order and its steps', play: simple, presets: TICKET_SYSTEM_PRESETS },
  crash: { shows: 'a worker that is killed during a create', play: crash, presets: TICKET_SYSTEM_PRESETS },
  errors: { shows: 'orders while more and more calls fail', play: errors, presets: LIKELIHOOD_PRESETS },
  idempotence: { shows: 'orders that are submitted three times', play: idempotence, presets: TICKET_SYSTEM_PRESETS },
  'late-ticket': {
    shows: 'a second ticket that appears late and is voided',
    play: lateTicket,
    unused: ['orders'],
    mode: 'none',
    timings: LATE_TICKET_TIMINGS,
  },
  'live-fix': { shows: 'a bug that is fixed while orders wait', play: liveFix, presets: TICKET_SYSTEM_PRESETS },
  transfer: {
    shows: 'money that moves once, with and without Temporal',
    play: transfer,
    unused: ['mode'],
    presets: ACCOUNT_PRESETS,
  },
  'live-fix-transfer': {
    shows: 'two bugs that are fixed while transfers wait',
    play: liveFixTransfer,
    unused: ['mode'],
    presets: ACCOUNT_PRESETS,
  },
};

const MAX_ORDERS = 200;

await runProgram(() => runDemo(process.argv.slice(2)));

/** @returns the exit code */
async function runDemo(args: readonly string[]): Promise<number> {
  const names = Object.keys(DEMOS);
  const program = createCommandLine('npm run demo --', {
    description: 'Runs a demo on free ports with its own database, and ends with the verdict of an audit.',
    sections: { Demos: Object.fromEntries(Object.entries(DEMOS).map(([each, { shows }]) => [each, shows])) },
    exitCodes: { 0: 'the verdict is good', 1: 'it is not, or the demo was stopped' },
  })
    .argument('[name]', `one of ${names.join(', ')}`, oneOf('a demo', names), 'main')
    .option('--orders <n>', `how many orders or transfers, 1 to ${MAX_ORDERS}`, wholeNumber(1, MAX_ORDERS))
    .option('--seed <n>', 'seed of the faults; the same seed gives the same faults', wholeNumber(0, MAX_SEED), 112_358)
    .option('--mode <guarantee>', `guarantee of the ticket system: ${GUARANTEES.join(', ')}`, readGuarantee, 'none')
    .option('--faults <preset>', 'fault preset of the service that the demo calls')
    .option('--step', 'wait for Enter before each act', false)
    .option('--json', 'print one JSON object; progress goes to stderr', false)
    .option('--keep', 'keep everything running after the verdict, so that you can look around', false);
  return runCommandLine(program, args, async (name: string, options: DemoOptions) => {
    const demo = DEMOS[name];
    if (demo === undefined) throw new Error(`there is no demo ${name}`);
    const given = (option: string) => program.getOptionValueSource(option) === 'cli';
    const problem = wrongUse(name, demo, options, given);
    if (problem !== undefined) program.error(`error: ${problem}`);
    return play(demo, options);
  });
}

function wrongUse(
  name: string,
  demo: Demo,
  { faults, mode, step }: DemoOptions,
  isGiven: (option: string) => boolean,
): string | undefined {
  const presets = Object.keys(demo.presets ?? {});
  if (faults !== undefined && presets.length === 0) return `${name} does not use --faults: leave it out.`;
  if (faults !== undefined && !presets.includes(faults)) {
    return `'${faults}' is not a fault preset for ${name}: choose one of ${presets.join(', ')}.${didYouMean(faults, presets)}`;
  }
  const unused = demo.unused?.find(isGiven);
  if (unused !== undefined) return `${name} does not use --${unused}: leave it out.`;
  if (demo.mode !== undefined && mode !== demo.mode) {
    return `${name} shows what the guarantee ${demo.mode} means: leave out --mode.`;
  }
  if (step && !process.stdin.isTTY) return '--step waits for Enter, but stdin is not a terminal: leave out --step.';
  return undefined;
}

async function play(demo: Demo, options: DemoOptions): Promise<number> {
  const keyboard = options.step ? openKeyboard() : undefined;
  const narrator = withActs(createNarrator(options.json), keyboard);
  const atTheEnd = createNarrator(options.json);
  const stopped = new Promise<'stopped'>((resolve) => {
    onStopSignals(
      () => {
        // What the demo waits for fails while everything is stopped.
        narrator.mute();
        atTheEnd.line('stopping everything … (Ctrl-C again ends it at once)');
        resolve('stopped');
      },
      () => process.exit(1),
    );
  });
  const starting = setStage(options.mode, demo.timings === undefined ? {} : { timings: demo.timings });
  const stage = await narrator.during('starting a Temporal server and the services', starting);
  narrator.step('started a Temporal server and the services, on free ports');
  if (options.step || options.keep) narrator.detail(`Temporal's UI: ${uiOf(stage)}`);
  try {
    const result = await Promise.race([stopped, demo.play(stage, narrator, options)]);
    if (result === 'stopped') {
      return 1;
    }
    narrator.end();
    console.log(
      options.json
        ? JSON.stringify(result.details)
        : result.ok
          ? colors.green(result.summary)
          : colors.red(result.summary),
    );
    if (options.keep) await keepRunning(stage, narrator, stopped);
    return result.ok ? 0 : 1;
  } finally {
    keyboard?.close();
    narrator.mute();
    await atTheEnd.during('stopping everything', stage.close());
  }
}

/** Says how to reach what is running, until a stop signal. */
async function keepRunning(stage: Stage, narrator: Narrator, stopped: Promise<unknown>): Promise<void> {
  narrator.heading('Everything keeps running until you press Ctrl-C');
  narrator.line(`Temporal's UI   ${uiOf(stage)}`);
  narrator.line(`ticket system   ${stage.ticketSystemUrl}/docs`);
  const { ACCOUNT_API_URL } = stage.environment();
  if (ACCOUNT_API_URL !== undefined) narrator.line(`account API     ${ACCOUNT_API_URL}`);
  narrator.line(`their database  ${stage.databaseDir}`);
  narrator.line();
  narrator.line('In another terminal, in this folder:');
  for (const line of exportLines(stage.environment())) narrator.print(line);
  narrator.print('npm run starter -- list');
  await stopped;
}

function uiOf({ uiAddress, temporalAddress }: Stage): string {
  return uiAddress ?? `that of your server at ${temporalAddress}`;
}
