/** A block of shell commands in a document. */
interface CommandBlock {
  /** The heading it stands under. */
  readonly section: string;
  readonly commands: readonly string[];
}

/** The commands that a document shows: every line of its `sh` blocks. */
export function commandBlocks(markdown: string): readonly CommandBlock[] {
  const blocks: CommandBlock[] = [];
  let section = '';
  let open: string[] | undefined;
  for (const line of markdown.split('\n')) {
    const isFence = line.startsWith('```');
    if (isFence && open !== undefined) {
      blocks.push({ section, commands: open });
      open = undefined;
    } else if (line === '```sh') {
      open = [];
    } else if (open !== undefined) {
      if (line.trim() !== '') open.push(line);
    } else if (line.startsWith('#')) {
      section = line.replace(/^#+\s*/, '');
    }
  }
  return blocks;
}

/** Programs that run until they are stopped, and the line that says that they are ready. */
const SERVERS: readonly { readonly command: RegExp; readonly ready: RegExp }[] = [
  { command: /(^|\s)npm start$/, ready: /Everything is running/ },
  { command: /(^|\s)npm run temporal$/, ready: /127\.0\.0\.1:7233/ },
  { command: /(^|\s)npm run ticket-system$/, ready: /ticket system listens on/ },
  { command: /(^|\s)npm run account-api$/, ready: /account API listens on/ },
  { command: /(^|\s)npm run worker(:watch)?$/, ready: /worker is ready/ },
];

/** The line by which a command says that it is ready, if it is one that runs until it is stopped. */
export function readyLineOf(command: string): RegExp | undefined {
  return SERVERS.find((server) => server.command.test(command))?.ready;
}
