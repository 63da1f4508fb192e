import { expect, test } from '@jest/globals';
import { cloudActions } from './cloud-actions.ts';

const started = { workflowExecutionStartedEventAttributes: {} };
const local = (workflowTask: number) => ({
  markerRecordedEventAttributes: { markerName: 'core_local_activity', workflowTaskCompletedEventId: workflowTask },
});

test('starting a workflow is an action, its tasks and its end are none', () => {
  const events = [
    started,
    { workflowTaskScheduledEventAttributes: {} },
    { workflowTaskStartedEventAttributes: {} },
    { workflowTaskCompletedEventAttributes: {} },
    { workflowExecutionCompletedEventAttributes: {} },
  ];
  expect(cloudActions(events)).toBe(1);
});

test('each attempt of an activity is an action', () => {
  const activity = (attempt: number) => [
    { activityTaskScheduledEventAttributes: {} },
    { activityTaskStartedEventAttributes: { attempt } },
    { activityTaskCompletedEventAttributes: {} },
  ];
  expect(cloudActions([started, ...activity(1), ...activity(3)])).toBe(5);
});

test('all local activities of one workflow task are one action', () => {
  expect(cloudActions([started, local(4), local(4), local(7)])).toBe(3);
});

test.each([
  ['a timer', { timerStartedEventAttributes: {} }],
  ['a signal', { workflowExecutionSignaledEventAttributes: {} }],
  ['an update', { workflowExecutionUpdateAcceptedEventAttributes: {} }],
  ['an upsert of search attributes', { upsertWorkflowSearchAttributesEventAttributes: {} }],
  ['a child workflow', { startChildWorkflowExecutionInitiatedEventAttributes: {} }],
  ['a marker of a version', { markerRecordedEventAttributes: { markerName: 'core_patch' } }],
])('%s is an action', (_, event) => {
  expect(cloudActions([started, event])).toBe(2);
});
