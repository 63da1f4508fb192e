// A program for tests: prints a word in green.
import { colors } from './colors.ts';

console.log(colors.green('plain'));
