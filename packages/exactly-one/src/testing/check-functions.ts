import type { HttpExchange } from '../http/http-outcomes.ts';
import { checkCreate } from './check-create.ts';
import { checkList } from './check-list.ts';
import { checkVoid } from './check-void.ts';
import { type CheckFunctionsOptions, setUpBench, type WrongFunction } from './function-bench.ts';
import { withoutFullStop } from './order-end.ts';

/** At least one function is wrong. The message says which, what it did, and what is right. */
export class WrongFunctionsError extends Error {
  override readonly name = 'WrongFunctionsError';
  readonly wrong: readonly WrongFunction[];

  constructor(wrong: readonly WrongFunction[]) {
    super(`the functions are wrong:${wrong.map(lineOf).join('')}`);
    this.wrong = wrong;
  }
}

/** What is right is said once for all that breaks it. */
function lineOf({ name, did, right }: WrongFunction, index: number, wrong: readonly WrongFunction[]): string {
  const isSame = wrong[index + 1]?.name === name && wrong[index + 1]?.right === right;
  return `\n- ${name} ${withoutFullStop(did)}.${isSame ? '' : `\n  Right: ${right}.`}`;
}

/**
 * Calls your functions alone against a scripted service, with one fault at a time, and catches the common mistakes: a
 * create that is sent more than once or too late, a list that takes an error for absence or an old state for a fresh one,
 * a void that has no effect or cannot be repeated. It takes about two seconds, mostly of waiting. It needs no Temporal.
 * @throws WrongFunctionsError
 */
export async function checkFunctions<Input, Exchange = HttpExchange>(
  options: CheckFunctionsOptions<Input, Exchange>,
): Promise<void> {
  const bench = await setUpBench(options);
  try {
    const wrong = (await Promise.all([checkCreate(bench), checkList(bench), checkVoid(bench)])).flat();
    if (wrong.length > 0) throw new WrongFunctionsError(wrong);
  } finally {
    await bench.service.close();
  }
}
