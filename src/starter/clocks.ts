/** What the outcome of a create looks like when clocks differ, and what that says. */
const SIGNS: readonly (readonly [outcome: RegExp, sign: string])[] = [
  [
    /deadline passed before it was sent/,
    "the create came too late for its deadline: its worker is overloaded, or its clock is ahead of Temporal's",
  ],
  [/DEADLINE_PASSED/, "the create arrived after its deadline: it was slow, or the ticket system's clock is ahead"],
  [/DEADLINE_TOO_FAR/, "the deadline of the create is too far away: the ticket system's clock is behind"],
];

/**
 * What the last create says about the clocks of Temporal, the worker and the ticket system.
 * @param outcomes of the creates of an order, oldest first
 */
export function clockProblem(outcomes: readonly string[]): string | undefined {
  const sign = SIGNS.find(([outcome]) => outcome.test(outcomes.at(-1) ?? ''))?.[1];
  return sign && `${sign}; all clocks must agree within CLOCK_SKEW_MS`;
}
