import { transferIdProblem } from '../contracts/ids.ts';
import { randomPart, readCount, WrongUse } from './order-ids.ts';

/**
 * The ids of the transfers that are meant: the given one, or so many random ones.
 * @throws WrongUse
 */
export function transferIdsOf(id: string | undefined, count: string | undefined): readonly string[] {
  if (id === undefined) return Array.from({ length: readCount(count ?? '1') }, () => randomPart());
  if (count !== undefined) throw new WrongUse(`either --id or --count, not both: one id is one transfer`);
  const problem = transferIdProblem(id);
  if (problem !== undefined) throw new WrongUse(problem);
  return [id];
}
