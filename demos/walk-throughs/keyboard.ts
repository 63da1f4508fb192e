import type { ReadStream } from 'node:tty';

/** The keys of a terminal, for a demo that goes on when somebody presses Enter. */
export interface Keyboard {
  /** Resolves at the next Enter. One that was pressed before does not count. */
  untilEnter(): Promise<void>;
  close(): void;
}

const CTRL_C = '\u0003';

/** Until it is closed, nothing that is typed appears on the screen, where it would disturb what is drawn. */
export function openKeyboard(input: Pick<ReadStream, 'setRawMode' | 'on' | 'off' | 'pause'> = process.stdin): Keyboard {
  let pressed: () => void = () => undefined;
  const onData = (keys: Buffer) => {
    const typed = String(keys);
    // In raw mode the terminal sends no signals.
    if (typed.includes(CTRL_C)) process.kill(process.pid, 'SIGINT');
    else if (/[\r\n]/.test(typed)) pressed();
  };
  input.setRawMode(true);
  input.on('data', onData);
  return {
    untilEnter: () =>
      new Promise((resolve) => {
        pressed = resolve;
      }),
    close() {
      input.off('data', onData);
      input.setRawMode(false);
      input.pause();
    },
  };
}
