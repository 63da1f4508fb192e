import { customAlphabet } from 'nanoid';
import { transferIdProblem } from '../contracts/transfer.ts';
import { readCount, WrongUse } from './order-ids.ts';

const randomId = customAlphabet('23456789abcdefghjkmnpqrstuvwxyz', 10);

/**
 * The ids of the transfers that are meant: the given one, or so many random ones.
 * @throws WrongUse
 */
export function transferIdsOf(id: string | undefined, count: string | undefined): readonly string[] {
  if (id === undefined) return Array.from({ length: readCount(count ?? '1') }, () => randomId());
  if (count !== undefined) throw new WrongUse(`either --id or --count, not both: one id is one transfer`);
  const problem = transferIdProblem(id);
  if (problem !== undefined) throw new WrongUse(problem);
  return [id];
}
