// A program for tests: logs what a worker logs.
import { createLogger } from './logger.ts';

const logger = createLogger('worker', 'info');
const order = { workflowId: 'order-41' };
const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:3999'), { code: 'ECONNREFUSED' });
const error = new Error(`POST http://127.0.0.1:3999/tokens: ${cause.message}`, { cause });

logger.info({ taskQueue: 'temporal-ticketing', temporal: '127.0.0.1:7233' }, 'worker is ready');
const attempt = { ...order, activityType: 'getToken', attempt: 4, nextAttemptInMs: 1_800 };
logger.warn({ ...attempt, error }, 'Activity failed');
logger.warn(order, 'http://me:canary@host asks for a pause');
