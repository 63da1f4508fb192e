import { FAULT_KINDS, type FaultKind, type FaultPoints, type FaultRule, MAX_DELAY_MS } from './fault-rules.ts';

/** A rule cannot be read; the message says what is allowed. */
export class RuleError extends Error {
  override readonly name = 'RuleError';
}

const FORM = 'a rule is <point>:<kind>:<probability>, such as create.after-commit:error-500:50%';

/**
 * Reads a rule as people write it on a command line: `create.after-commit:connection-reset:0.9`, with a delay
 * `create.after-commit:delay:100%:3s`.
 * @throws RuleError
 */
export function readRule<Point extends string>(text: string, points: FaultPoints<Point>): FaultRule<Point> {
  const [pointText = '', kindText = '', probabilityText = '', delayText, ...rest] = text.split(':');
  const names: Point[] = [];
  for (const name in points) names.push(name);
  const point = names.find((name) => name === pointText);
  if (point === undefined) throw new RuleError(`${pointText} is not a point: use one of ${names.join(', ')}`);
  const kind = points[point].find((each) => each === kindText);
  if (kind === undefined) {
    const isKind = FAULT_KINDS.some((each) => each === kindText);
    const problem = isKind
      ? `${kindText} is not possible at ${point}`
      : `${kindText || 'nothing'} is not a kind of fault`;
    throw new RuleError(`${problem}: use one of ${points[point].join(', ')}`);
  }
  if (rest.length > 0) throw new RuleError(`${text} has too many parts: ${FORM}`);
  const delayMs = delayText === undefined ? {} : { delayMs: readDelay(delayText) };
  return { point, kind, probability: readProbability(probabilityText), ...delayMs };
}

function readProbability(text: string): number {
  const [, number = '', percent] = /^(\d+(?:\.\d+)?|\.\d+)(%?)$/.exec(text) ?? [];
  const probability = Number(number) / (percent === '%' ? 100 : 1);
  if (number === '' || probability > 1) {
    throw new RuleError(`${text || 'nothing'} is not a probability: use 0 to 1, or 0% to 100%`);
  }
  return probability;
}

function readDelay(text: string): number {
  const [, number = '', unit] = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(text) ?? [];
  const delayMs = Math.round(Number(number) * (unit === 's' ? 1_000 : 1));
  if (number === '' || delayMs > MAX_DELAY_MS) {
    throw new RuleError(`${text} is not a delay: use 0ms to ${MAX_DELAY_MS / 1_000}s`);
  }
  return delayMs;
}

/** The faults of one point, in words: `5 % error-500, 8 % delay of 1.2 s`. */
interface PointWords {
  readonly point: string;
  readonly faults: readonly string[];
}

/** The rules of a plan by point, each with its share of all calls rather than of those that no earlier rule has hit. */
export function wordsOfRules(rules: readonly FaultRule[]): readonly PointWords[] {
  const byPoint = new Map<string, { remaining: number; readonly faults: string[] }>();
  for (const { point, kind, probability, delayMs } of rules) {
    const words = byPoint.get(point) ?? { remaining: 1, faults: [] };
    byPoint.set(point, words);
    words.faults.push(`${percentOf(words.remaining * probability)} ${kind}${wordsOfDelay(kind, delayMs)}`);
    words.remaining *= 1 - probability;
  }
  return [...byPoint].map(([point, { faults }]) => ({ point, faults }));
}

function percentOf(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}

const DELAY_WORDS = new Map<FaultKind, string>([
  ['delay', 'of'],
  ['timeout', 'of'],
  ['stale-read', 'by'],
  ['accept-later', 'by'],
]);

function wordsOfDelay(kind: FaultKind, delayMs: number | undefined): string {
  const words = DELAY_WORDS.get(kind);
  return delayMs === undefined || words === undefined ? '' : ` ${words} ${delayMs / 1_000} s`;
}
