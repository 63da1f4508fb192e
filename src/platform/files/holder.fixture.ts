// A program for tests: locks the folder that its last argument names, says how that went, and stays. It has a child,
// which outlives it.
import { spawn } from 'node:child_process';
import { errorMessage } from '../../contracts/errors.ts';
import { lockFolder } from './folder-lock.ts';

try {
  await lockFolder(process.argv[2] ?? '', '.test.lock');
  const child = spawn('sleep', ['60'], { stdio: 'ignore', detached: true });
  console.log(`locked by ${process.pid}, child ${child.pid}`);
  setInterval(() => undefined, 60_000);
} catch (error) {
  console.log(`refused: ${errorMessage(error)}`);
}
