import { setTimeout as sleep } from 'node:timers/promises';

const say = (n: number) => console.log(n);

// Only this process knows how far it is.
for (let n = 1; n <= 10; n += 1) {
  say(n);
  await sleep(800);
}
