import { ApplicationFailure } from '@temporalio/common';
import type { Rule } from '../contract/check-options.ts';
import {
  type Check,
  type CredentialsRequirement,
  failures,
  isBoolean,
  isForeignId,
  isGuarantee,
  isListOf,
  isOptional,
  isRecordOf,
  isText,
  isTimeMs,
  isTimings,
  type Mask,
  type Progress,
  quoted,
} from '../contract/index.ts';
import { isAcceptedResolution, isOrderState } from '../contract/state-shapes.ts';
import { TIMINGS_RULES } from '../contract/timing-rules.ts';
import { unknownOption } from '../contract/unknown-option.ts';
import type { AcceptedResolution, Guarantee, OrderState, Timings } from '../protocol/index.ts';
import type { PrepareCall } from './calls.ts';

/** The names of the activities of an order. Each is called with the input and a request, see `OrderActivities`. */
export interface ActivityNames {
  /** Sends one create and is never retried. */
  readonly create: string;
  /** Lists the items of the order, voided ones too. */
  readonly list: string;
  /** Takes an item out of circulation. */
  readonly void: string;
  /**
   * Returns `{ guarantee }`, what the service promises now. It is called after every unknown outcome, because the promise
   * may have been weakened; default: it never is.
   */
  readonly readGuarantee?: string;
}

/** The names under which `exactlyOneActivities` returns the activities. */
export const ACTIVITY_NAMES: ActivityNames = { create: 'create', list: 'list', void: 'void' };

/** How an order gets credentials. They stay in the workers; histories contain what they must satisfy. */
export interface Credentials {
  /**
   * The name of the activity that makes its worker have credentials that satisfy a `CredentialsRequirement`, its only
   * argument, and returns `{ validUntilMs }`.
   */
  readonly obtain: string;
  /** The summary of this activity in Temporal's UI; default `Get credentials`. */
  readonly summary?: string;
}

/** What an order needs to know before its first check. */
export interface Prepared<Input> {
  readonly guarantee?: Guarantee;
  readonly timings?: Timings;
  readonly input?: Input;
}

/** What an order knows, and hands to its next run when it continues as new. */
export interface Carried extends Partial<Pick<CredentialsRequirement, 'notIssuedBeforeMs'>> {
  readonly prepared?: Prepared<unknown>;
  /** Always includes every create that may have been sent. */
  readonly state?: OrderState;
  readonly outcomes?: readonly string[];
  readonly cancelRequested?: boolean;
  readonly resolution?: AcceptedResolution;
}

/**
 * What `exactlyOne` needs.
 * @template Input the first argument of the activities, the same for all of them
 */
export interface ExactlyOneOptions<Input> {
  /**
   * Whether an earlier run of this workflow id was closed without a result: its create may still be in flight. A client
   * that submits by the rules of `exactly-one/client` passes it in the input of the workflow.
   */
  readonly resumed: boolean | undefined;
  /** What `continueAsNew` was given in the earlier run that this one continues; otherwise undefined. */
  readonly carried: Carried | undefined;
  /** Default: `create`, `list` and `void`, as `exactlyOneActivities` returns them. */
  readonly activities?: ActivityNames;
  /** What the service promises. Required, unless `prepare` returns it. */
  readonly guarantee?: Guarantee;
  /** The intervals that the protocol decides by, in milliseconds. Required, unless `prepare` returns them. */
  readonly timings?: Timings;
  /** The first argument of the activities. It stands in the history, so it must contain no secret. */
  readonly input?: Input;
  /**
   * Finds out what the order needs to know before its first check. What it returns takes the place of the options above
   * and is carried over, so that it is not asked for twice; default: nothing.
   * @param call calls an activity, which is retried until it succeeds
   */
  readonly prepare?: (call: PrepareCall) => Promise<Prepared<Input>>;
  /** For a service that requires credentials; default: it requires none. */
  readonly credentials?: Credentials;
  /** Continues the workflow as new with the same input and, as its `carried`, this. It must not return. */
  readonly continueAsNew: (carried: Carried) => Promise<never>;
  /** Called whenever the progress changes, and again when a run is replayed. */
  readonly onProgress?: (progress: Progress) => void;
  /** What the service calls an item, for texts; default `item`. */
  readonly item?: string;
  /** What to call the service, for texts; default `service`. */
  readonly service?: string;
  /** Replaces what must not be seen in failures and logs that quote a text from outside; default: nothing. */
  readonly mask?: Mask;
}

const isName: Check = isForeignId;
const name = (of: string): Rule => ({ isValid: isName, allowed: `the name of the activity that ${of}` });

const OPTIONS: Readonly<Record<keyof ExactlyOneOptions<unknown>, true>> = {
  resumed: true,
  carried: true,
  activities: true,
  guarantee: true,
  timings: true,
  input: true,
  prepare: true,
  credentials: true,
  continueAsNew: true,
  onProgress: true,
  item: true,
  service: true,
  mask: true,
};

/** What must be passed on even when it is undefined: nobody would notice, until a crash, that it is missing. */
const PASSED_ON: Readonly<Record<string, string>> = {
  resumed: 'pass on the field that submit adds to the input of the workflow, resumed: input.resumed',
  carried: 'pass on the second argument of the workflow, which an earlier run gives to continueAsNew',
};

/** What is allowed, for each option that may come from outside or from data. */
const RULES: Readonly<Record<string, Rule>> = {
  resumed: { isValid: isOptional(isBoolean), allowed: 'true, false or undefined' },
  'activities.create': name('creates'),
  'activities.list': name('lists'),
  'activities.void': name('voids'),
  'activities.readGuarantee': { isValid: isOptional(isName), allowed: 'the name of an activity, or undefined' },
  'credentials.obtain': { isValid: isOptional(isName), allowed: 'the name of an activity, or no credentials' },
  continueAsNew: { isValid: (value) => typeof value === 'function', allowed: 'a function' },
  item: { isValid: isOptional(isText), allowed: 'a noun' },
  service: { isValid: isOptional(isText), allowed: 'a noun' },
};

const PREPARED_RULES: Readonly<Record<string, Rule>> = {
  guarantee: { isValid: isGuarantee, allowed: 'none, deadline and idempotency-key' },
  ...TIMINGS_RULES,
};

const isCarried = isRecordOf<Carried>({
  prepared: isOptional(
    isRecordOf<Prepared<unknown>>({ guarantee: isGuarantee, timings: isTimings, input: () => true }),
  ),
  state: isOptional(isOrderState),
  outcomes: isOptional(isListOf(isText)),
  cancelRequested: isOptional(isBoolean),
  resolution: isOptional(isAcceptedResolution),
  notIssuedBeforeMs: isOptional(isTimeMs),
});

/**
 * Checks what a workflow passes on. Some of it comes from whoever started the workflow, and any other error would fail
 * its task, again and again.
 * @param run the order, and whether an earlier run has continued as this one
 * @throws `OptionsInvalid`; `CarriedStateInvalid` when an earlier run has handed on something else
 */
export function checkOptions(
  options: ExactlyOneOptions<unknown>,
  { orderId, isContinued }: { readonly orderId: string; readonly isContinued: boolean },
): void {
  const { carried, mask } = options;
  checkNames(options);
  // It is part of other ids, such as that of the late watch.
  if (!isForeignId(orderId)) throw invalid('workflow id', quoted(orderId, mask), 'at most 200 characters');
  check(RULES, { ...options, activities: options.activities ?? ACTIVITY_NAMES }, mask);
  if (carried === undefined) return;
  const given = quoted(carried, mask);
  // Only an earlier run knows what to carry: from anybody else it would be a claim about creates.
  if (!isContinued) throw invalid('carried', given, 'undefined, unless an earlier run has continued as this one');
  if (isCarried(carried)) return;
  const problem = `what the earlier run handed on is not valid: ${given}`;
  throw ApplicationFailure.nonRetryable(problem, failures.carriedStateInvalid);
}

/** A prepared order with everything that its loop needs. */
export type FullyPrepared = Required<Prepared<unknown>>;

/** @throws `OptionsInvalid` */
export function checkPrepared(
  prepared: { readonly [Name in keyof Prepared<unknown>]: Prepared<unknown>[Name] | undefined },
  mask: Mask | undefined,
): FullyPrepared {
  check(PREPARED_RULES, prepared, mask);
  const { guarantee, timings } = prepared;
  if (guarantee === undefined || timings === undefined) throw invalid('guarantee', 'undefined', 'a guarantee');
  return { guarantee, timings, input: prepared.input };
}

function checkNames(options: ExactlyOneOptions<unknown>): void {
  const { activities = {}, credentials = {} } = options;
  const unknown =
    unknownOption(options, Object.keys(OPTIONS)) ??
    unknownOption(Object(activities), ['create', 'list', 'void', 'readGuarantee']) ??
    unknownOption(Object(credentials), ['obtain', 'summary']);
  if (unknown !== undefined) throw invalidOptions(unknown);
  const missing = Object.keys(PASSED_ON).find((option) => !(option in options));
  if (missing !== undefined) throw invalidOptions(`${missing} is missing; ${PASSED_ON[missing]}`, missing);
}

function check(rules: Readonly<Record<string, Rule>>, options: object, mask: Mask | undefined): void {
  for (const [option, { isValid, allowed }] of Object.entries(rules)) {
    const value = option.split('.').reduce<unknown>((part, field) => Object(part)[field], options);
    if (!isValid(value)) throw invalid(option, quoted(value, mask), allowed);
  }
}

function invalid(option: string, given: string, allowed: string): ApplicationFailure {
  return invalidOptions(`${option} is ${given}; allowed: ${allowed}`, option);
}

function invalidOptions(problem: string, option?: string): ApplicationFailure {
  const details = option === undefined ? [] : [{ option }];
  return ApplicationFailure.nonRetryable(`exactlyOne: ${problem}`, failures.optionsInvalid, ...details);
}
