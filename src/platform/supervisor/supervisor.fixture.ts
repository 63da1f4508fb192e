// A program for tests: starts everything with the options in its argument, and prints a line when everything is ready.
import { onStopSignals } from '../processes/on-stop-signals.ts';
import { startEverything } from './start-everything.ts';

const everything = startEverything({
  ...JSON.parse(process.argv[2] ?? ''),
  env: process.env,
  print: (name) => (line) => console.log(name, line),
  onStop: (name) => console.log(name, 'stopping'),
});
onStopSignals(
  () => everything.stop(),
  () => everything.kill(),
);
if ((await everything.started) === 'ready') console.log('everything is ready at', everything.addresses.temporal);
const { failure } = await everything.ended;
if (failure !== undefined) console.log('failure:', failure);
process.exit(failure === undefined ? 0 : 1);
