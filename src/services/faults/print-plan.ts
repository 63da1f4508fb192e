import { colors } from '../../platform/logging/colors.ts';
import { columnsOf } from '../../platform/terminal/columns-of.ts';
import type { FaultPlanState } from './fault-plan.ts';
import { wordsOfRules } from './fault-words.ts';

/**
 * A fault plan for people: its name and seed, and a row for each point that has faults.
 * @param columns of the terminal
 */
export function planLines(plan: FaultPlanState<string>, columns = columnsOf(process.stdout)): readonly string[] {
  const points = wordsOfRules(plan.rules);
  const width = Math.max(0, ...points.map(({ point }) => point.length));
  return [
    `${colors.bold(planName(plan))}, seed ${plan.seed}${points.length === 0 ? ': no faults' : ''}`,
    ...points.flatMap(({ point, faults }) => {
      const rows = wrappedList(faults, columns - width - 4);
      return rows.map((row, index) => `  ${(index === 0 ? point : '').padEnd(width)}  ${row}`);
    }),
  ];
}

/** `hostile`, or `own rules` for a plan without a preset. */
export function planName({ preset, rules }: FaultPlanState<string>): string {
  return preset ?? (rules.length === 0 ? 'no rules' : 'own rules');
}

/** Breaks a list between its parts. */
export function wrappedList(parts: readonly string[], columns: number): readonly string[] {
  const rows: string[] = [];
  for (const [index, part] of parts.entries()) {
    const text = index === parts.length - 1 ? part : `${part},`;
    const row = rows.at(-1);
    if (row !== undefined && row.length + 1 + text.length <= columns) rows[rows.length - 1] = `${row} ${text}`;
    else rows.push(text);
  }
  return rows;
}
