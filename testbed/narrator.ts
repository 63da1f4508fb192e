import { colors } from '../src/platform/logging/colors.ts';
import { createLiveView } from '../src/starter/live-view.ts';

/** Prints what a demo does. */
export type Narrator = ReturnType<typeof createNarrator>;

/** @param json true leaves stdout to the JSON and prints on stderr */
export function createNarrator(json: boolean) {
  const stream = json ? process.stderr : process.stdout;
  const view = createLiveView(stream);
  const startedAt = performance.now();
  const seconds = () => `${((performance.now() - startedAt) / 1_000).toFixed(1)} s`.padStart(7);
  return {
    /** Prints what has just happened, with the time since the start. */
    step: (text: string) => view.print(`${colors.dim(seconds())}  ${text}`),
    /** Prints a line of a table or an explanation. */
    line: (text = '') => view.print(text),
    heading: (text: string) => view.print(`\n${colors.bold(text)}`),
    /** Shows lines that are replaced by the next call; on a terminal only. */
    show: (lines: readonly string[]) => view.show(lines),
    end: () => view.end(),
  };
}
