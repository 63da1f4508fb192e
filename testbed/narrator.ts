import { stripVTControlCharacters } from 'node:util';
import { colors } from '../src/platform/logging/colors.ts';
import { columnsOf, maxColumns } from '../src/platform/terminal/columns-of.ts';
import { wrapped, wrappedBelow } from '../src/platform/terminal/wrapped.ts';
import { during } from '../src/starter/during.ts';
import { createLiveView, type LiveView } from '../src/starter/live-view.ts';
import type { OutputStream } from '../src/starter/output.ts';

/** Prints what a demo does. */
export type Narrator = ReturnType<typeof createNarrator>;

/** What stands below a step is indented like its text. */
const TIME_WIDTH = '123.4 s  '.length;
/** Longer lines of an explanation are hard to read. */
const MAX_TEXT_WIDTH = 100;

/**
 * @param json true leaves stdout to the JSON and prints on stderr
 * @param stream where it prints; on a terminal, lines are wrapped at words to its width
 */
export function createNarrator(json: boolean, stream: OutputStream = json ? process.stderr : process.stdout) {
  const live = createLiveView(stream);
  let isMuted = false;
  const view: LiveView = {
    ...live,
    show: (lines, summary) => (isMuted ? undefined : live.show(lines, summary)),
    print: (line) => (isMuted ? undefined : live.print(line)),
  };
  const startedAt = performance.now();
  const seconds = () => `${((performance.now() - startedAt) / 1_000).toFixed(1)} s`.padStart(TIME_WIDTH - 2);
  const width = () => maxColumns(stream);
  const print = (text: string, indent: number, first: string, columns = width()) => {
    view.print(first + wrapped(text, columns - indent).replaceAll('\n', `\n${' '.repeat(indent)}`));
  };
  return {
    /** Whether somebody watches. */
    isTerminal: view.isLive,
    /** Prints what has just happened, with the time since the start. */
    step: (text: string) => print(text, TIME_WIDTH, `${colors.dim(seconds())}  `),
    /** Prints more about the last step, below its text. */
    detail: (text: string) => print(text, TIME_WIDTH, ' '.repeat(TIME_WIDTH)),
    /** How many columns `detail` has; in a pipe as on a terminal of 80. */
    detailWidth: () => columnsOf(stream) - TIME_WIDTH,
    /** Prints a line of a table. What is too long goes on below it, indented by `indent` columns, by default like the line itself. */
    line: (text = '', indent = stripVTControlCharacters(text).search(/\S|$/)) =>
      view.print(wrappedBelow(text, width(), indent)),
    /** Prints text that people copy: it is not wrapped. */
    print: (text: string) => view.print(text),
    /** Prints an explanation, as a paragraph. */
    paragraph: (text: string) => print(text, 0, '', stream.isTTY ? Math.min(width(), MAX_TEXT_WIDTH) : width()),
    heading: (text: string) => view.print(`\n${colors.bold(text)}`),
    /** Shows lines that are replaced by the next call; on a terminal only. */
    show: (lines: readonly string[], summary?: string) => view.show(lines, summary),
    /** Says what is awaited, as long as that takes; on a terminal only. */
    during: <T>(what: string, work: Promise<T>) => during(view, what, work),
    end: () => view.end(),
    /** From now on nothing is printed, whatever is still going on. */
    mute() {
      live.end();
      isMuted = true;
    },
  };
}
