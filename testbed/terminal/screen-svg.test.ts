import { expect, test } from '@jest/globals';
import xterm from '@xterm/headless';
import { screenSvg } from './screen-svg.ts';

test('a picture has the text of each row at its column, in its colours, and what was left out', async () => {
  const emulator = new xterm.Terminal({ cols: 40, rows: 4, allowProposedApi: true });
  await new Promise<void>((done) =>
    emulator.write('\u001b[1mA & B\u001b[22m\r\nleft out\r\n    \u001b[31m<no>\u001b[39m yes', done),
  );
  const svg = screenSvg(emulator, [0, '⋮', 2], 'two rows');
  const texts = [
    ...svg.matchAll(/<text x="([\d.]+)" y="(\d+)" textLength="([\d.]+)"(?: class="(.*?)")?>(.*?)<\/text>/g),
  ];
  expect(texts.map(([, ...parts]) => parts)).toEqual([
    ['18', '31', '42', 'bold', 'A &amp; B'],
    ['18', '49', '8.4', 'dim', '⋮'],
    ['51.6', '67', '33.6', 'c1', '&lt;no>'],
    ['93.6', '67', '25.2', undefined, 'yes'],
  ]);
  expect(svg).toContain('aria-label="two rows"');
  expect(svg).not.toMatch(/left out|https?:\/\/(?!www\.w3\.org)/);
  emulator.dispose();
});
