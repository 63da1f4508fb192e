// A program of the tests: prints a word in green.
import { colors } from './colors.ts';

console.log(colors.green('plain'));
