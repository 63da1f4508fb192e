import { setTimeout as pause } from 'node:timers/promises';
import { colors } from '../../src/platform/logging/colors.ts';
import type { Narrator } from '../../testbed/narrator.ts';
import type { Keyboard } from './keyboard.ts';

/** Tells a demo in acts. */
export interface DemoNarrator extends Narrator {
  /**
   * Begins an act: says what it is about and, with a keyboard, waits for Enter before anything happens.
   * @param secondsToRead how long the screen stays as it is before that, if somebody watches without a keyboard; default 0
   */
  act(title: string, explanation: string, secondsToRead?: number): Promise<void>;
  /**
   * Gives people time to read what the screen shows; with a keyboard, until Enter. In a pipe it returns at once.
   * @param next what follows: `the line is fixed`
   */
  timeToRead(seconds: number, next: string): Promise<void>;
}

/** @param keyboard of somebody who decides when the demo goes on; without one it goes on by itself */
export function withActs(narrator: Narrator, keyboard: Keyboard | undefined): DemoNarrator {
  let acts = 0;
  async function untilEnter(keys: Keyboard, next: string): Promise<void> {
    narrator.show([`${colors.bold('⏎ Enter')}${colors.dim(`: ${next}`)}`]);
    await keys.untilEnter();
    narrator.show([]);
  }
  async function countDown(seconds: number, next: string): Promise<void> {
    if (!narrator.isTerminal) return;
    for (let left = seconds; left > 0; left -= 1) {
      narrator.show([colors.dim(`${next} in ${left} s  (with --step: when you press Enter)`)]);
      await pause(1_000);
    }
    narrator.show([]);
  }
  return {
    ...narrator,
    async act(title, explanation, secondsToRead = 0) {
      if (keyboard === undefined) await countDown(secondsToRead, 'the next act begins');
      acts += 1;
      narrator.heading(`Act ${acts} · ${title}`);
      narrator.paragraph(explanation);
      if (keyboard !== undefined) await untilEnter(keyboard, 'go on');
    },
    timeToRead: (seconds, next) => (keyboard === undefined ? countDown(seconds, next) : untilEnter(keyboard, next)),
  };
}
