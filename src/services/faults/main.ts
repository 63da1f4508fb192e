import { didYouMean } from '../../contracts/did-you-mean.ts';
import { MAX_SEED } from '../../contracts/whole-number.ts';
import { DEFAULT_ADDRESSES, readSettings, type Settings, SettingsError } from '../../platform/config/settings.ts';
import {
  createCommandLine,
  oneOf,
  runCommandLine,
  WRONG_USE,
  wholeNumber,
} from '../../platform/processes/command-line.ts';
import { runProgram } from '../../platform/processes/run-program.ts';
import { columnsOf } from '../../platform/terminal/columns-of.ts';
import { printError, printText } from '../../platform/terminal/print.ts';
import { ACCOUNT_POINTS, ACCOUNT_PRESETS } from './account-faults.ts';
import { callFaults, FaultsUnavailable } from './fault-client.ts';
import type { FaultChoice, FaultPlanState } from './fault-plan.ts';
import type { FaultPoints } from './fault-rules.ts';
import { RuleError, readRule } from './fault-words.ts';
import { planLines, planName, wrappedList } from './print-plan.ts';
import { TICKET_SYSTEM_POINTS, TICKET_SYSTEM_PRESETS } from './ticket-system-faults.ts';

interface FaultyService {
  readonly title: string;
  readonly url: (settings: Settings) => string;
  readonly remedy: string;
  readonly points: FaultPoints;
  readonly presetNames: readonly string[];
}

const SERVICES = {
  'ticket-system': {
    title: 'ticket system',
    url: ({ ticketSystemUrl }) => ticketSystemUrl,
    remedy: 'start it with npm start or npm run ticket-system, or set TICKET_SYSTEM_URL',
    points: TICKET_SYSTEM_POINTS,
    presetNames: Object.keys(TICKET_SYSTEM_PRESETS),
  },
  'account-api': {
    title: 'account API',
    url: ({ accountApiUrl }) => accountApiUrl,
    remedy: 'start it with npm start or npm run account-api, or set ACCOUNT_API_URL',
    points: ACCOUNT_POINTS,
    presetNames: Object.keys(ACCOUNT_PRESETS),
  },
} as const satisfies Record<string, FaultyService>;
type ServiceName = keyof typeof SERVICES;
const SERVICE_NAMES: readonly ServiceName[] = ['ticket-system', 'account-api'];

/** The longest name of a point fits with two blanks on each side. */
const LIST_INDENT = 26;

interface Options {
  readonly seed?: number;
  readonly json: boolean;
}

const commandLine = createCommandLine('npm run faults --', {
  description: 'Shows or changes the faults of a running service. They hold until it is stopped.',
  settings: {
    TICKET_SYSTEM_URL: `the ticket system; ${DEFAULT_ADDRESSES.ticketSystem}`,
    ACCOUNT_API_URL: `the account API; ${DEFAULT_ADDRESSES.accountApi}`,
    FAULT_SEED: 'the seed when --seed is not given; default 1',
  },
  exitCodes: { 0: 'the service has this plan', 1: 'no such service responds, or it refuses' },
})
  .argument('[service]', `${SERVICE_NAMES.join(' or ')}; default: shows both`, oneOf('a service', SERVICE_NAMES))
  .argument('[plan...]', 'a preset, or rules such as create.after-commit:error-500:50%; default: shows the plan')
  .option('--seed <n>', 'the same seed gives the same faults', wholeNumber(0, MAX_SEED))
  .option('--json', 'print the plan as JSON', false)
  .addHelpText('after', () =>
    [
      '\nPresets:',
      ...SERVICE_NAMES.flatMap((name) => listed(name, SERVICES[name].presetNames)),
      '\nRules:  <point>:<kind>:<probability>, for a delay with its length:',
      '  npm run faults -- ticket-system create.after-commit:delay:100%:3s',
      '\nPoints, and the kinds that are possible there:',
      ...SERVICE_NAMES.flatMap((name) => pointLines(SERVICES[name].points)),
    ].join('\n'),
  );

await runProgram(() =>
  runCommandLine(
    commandLine,
    process.argv.slice(2),
    async (name: ServiceName | undefined, words: readonly string[], options: Options) => {
      try {
        const settings = readSettings();
        const exitCodes: number[] = [];
        for (const [index, each] of (name === undefined ? SERVICE_NAMES : [name]).entries()) {
          if (index > 0 && !options.json) console.log('');
          exitCodes.push(await showOrChoose(each, words, options, settings));
        }
        return Math.max(...exitCodes);
      } catch (error) {
        if (!(error instanceof SettingsError)) throw error;
        printError(`faults: ${error.message}`);
        return WRONG_USE;
      }
    },
  ),
);

/** Returns the exit code. */
async function showOrChoose(
  name: ServiceName,
  words: readonly string[],
  { seed, json }: Options,
  settings: Settings,
): Promise<number> {
  const service: FaultyService = SERVICES[name];
  if (words.length === 0 && seed !== undefined) commandLine.error('error: --seed belongs to a preset or to rules.');
  const choice = words.length === 0 ? undefined : choiceOf(name, words, seed ?? settings.faultSeed);
  const target = { ...service, url: service.url(settings) };
  try {
    const before = choice === undefined ? undefined : planName(await callFaults(target));
    const plan = await callFaults(target, choice);
    if (json) console.log(JSON.stringify({ service: name, ...plan }));
    else printPlan(target, plan, before);
    return 0;
  } catch (error) {
    if (!(error instanceof FaultsUnavailable)) throw error;
    printError(error.message);
    return 1;
  }
}

function printPlan(
  { title, url }: { readonly title: string; readonly url: string },
  plan: FaultPlanState<string>,
  before: string | undefined,
): void {
  const [first = '', ...rest] = planLines(plan);
  const was = before === undefined || before === planName(plan) ? '' : ` (it was ${before})`;
  printText(`${title} at ${url}: ${first}${was}`);
  for (const line of rest) console.log(line);
}

/** A word with a colon is a rule. */
function choiceOf(name: ServiceName, words: readonly string[], seed: number): FaultChoice<string> {
  const { title, presetNames, points }: FaultyService = SERVICES[name];
  const [preset = ''] = words;
  if (words.every((word) => word.includes(':'))) {
    try {
      return { seed, rules: words.map((word) => readRule(word, points)) };
    } catch (error) {
      if (!(error instanceof RuleError)) throw error;
      return commandLine.error(`error: ${error.message}.`);
    }
  }
  if (words.length > 1) {
    return commandLine.error('error: choose one preset, or rules such as create.after-commit:error-500:50%.');
  }
  if (presetNames.includes(preset)) return { seed, preset };
  const owner = SERVICE_NAMES.find((each) => SERVICES[each].presetNames.includes(preset));
  const hint = owner === undefined ? '' : ` The ${SERVICES[owner].title} has it.`;
  return commandLine.error(
    `error: '${preset}' is not a preset of the ${title}: choose one of ${presetNames.join(', ')}.${hint}${didYouMean(preset, presetNames)}`,
  );
}

function pointLines(points: FaultPoints): readonly string[] {
  return Object.entries(points).flatMap(([point, kinds]) => listed(point, kinds));
}

/** A name, and what belongs to it in the column beside it. */
function listed(name: string, values: readonly string[]): readonly string[] {
  return wrappedList(values, columnsOf(process.stdout) - LIST_INDENT).map(
    (row, index) => (index === 0 ? `  ${name}` : '').padEnd(LIST_INDENT) + row,
  );
}
