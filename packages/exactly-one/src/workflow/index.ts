export { refusal } from '../contract/refusal.ts';
