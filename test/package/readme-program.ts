/** What a README shows of a program: everything that a reader copies, types, and should see. */
export interface ReadmeProgram {
  /** The `js` blocks, by the file name in the comment of their first line. */
  readonly files: Readonly<Record<string, string>>;
  /** The lines of the `sh` blocks. */
  readonly commands: readonly string[];
  /** The lines of the `text` block. */
  readonly output: readonly string[];
}

const BLOCK = /^```(js|sh|text)\n(.*?)^```$/gms;
const FILE_NAME = /^\/\/ (\S+)\n/;

/** @throws when a `js` block does not begin with the name of its file */
export function readmeProgram(markdown: string): ReadmeProgram {
  const blocks = [...markdown.matchAll(BLOCK)].map(([, language = '', text = '']) => ({ language, text }));
  const textsIn = (wanted: string) => blocks.flatMap(({ language, text }) => (language === wanted ? [text] : []));
  const linesIn = (wanted: string) => textsIn(wanted).flatMap((text) => text.split('\n').filter(Boolean));
  return {
    files: Object.fromEntries(textsIn('js').map((text) => [fileNameOf(text), text])),
    commands: linesIn('sh'),
    output: linesIn('text'),
  };
}

function fileNameOf(text: string): string {
  const name = FILE_NAME.exec(text)?.[1];
  if (name === undefined) throw new Error(`the block does not begin with the name of its file: ${text.split('\n')[0]}`);
  return name;
}
