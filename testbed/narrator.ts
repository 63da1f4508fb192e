import { colors } from '../src/platform/logging/colors.ts';
import { createLiveView } from '../src/starter/live-view.ts';

/** How a demo speaks. With `--json` its words go to stderr, so that stdout holds nothing but JSON. */
export type Narrator = ReturnType<typeof createNarrator>;

export function createNarrator(json: boolean) {
  const stream = json ? process.stderr : process.stdout;
  const view = createLiveView(stream);
  const begunAt = performance.now();
  const seconds = () => `${((performance.now() - begunAt) / 1_000).toFixed(1)} s`.padStart(7);
  return {
    /** A step of the scenario. */
    step: (text: string) => view.print(`${colors.dim(seconds())}  ${text}`),
    /** A line of a table, or of an explanation. */
    line: (text = '') => view.print(text),
    heading: (text: string) => view.print(`\n${colors.bold(text)}`),
    show: (lines: readonly string[]) => view.show(lines),
    end: () => view.end(),
  };
}
