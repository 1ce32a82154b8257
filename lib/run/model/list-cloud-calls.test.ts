import { expect, it } from 'vitest';
import { StepId } from '@/lib/plan/model/model';
import { listCloudCalls, listStepProbes } from './list-cloud-calls';
import type { RunEvent } from './model';

const [s1, s2] = [StepId.parse('s1'), StepId.parse('s2')];
const at = (second: number) => new Date(second * 1000).toISOString();
const answer = {
  passed: true,
  latencyMs: 3,
  status: '200',
  address: '127.0.0.1:80',
  body: 'ok',
  failure: null,
};
const error = {
  code: 'InternalError',
  message: 'Try again.',
  requestId: 'r2',
  action: 'ModifyRecord',
  region: null,
  mayHaveHappened: false,
  advice: 'retry',
} as const;

const events: readonly RunEvent[] = [
  { type: 'started', actor: 'sari', attempt: 1, at: at(0), direction: 'apply' },
  { type: 'intent', stepId: s1, action: 'RegisterTargets', attempt: 1, at: at(1), direction: 'apply' },
  { type: 'accepted', stepId: s1, requestId: 'r1', taskId: 'r1', at: at(2), direction: 'apply' },
  {
    type: 'stepDone',
    stepId: s1,
    outcome: 'applied',
    requestId: 'r1',
    durationMs: 5,
    at: at(3),
    direction: 'apply',
  },
  { type: 'intent', stepId: s2, action: 'ModifyRecord', attempt: 1, at: at(4), direction: 'apply' },
  { type: 'callFailed', stepId: s2, error, at: at(5), direction: 'apply' },
  { type: 'probed', stepId: s2, answer, at: at(6), direction: 'apply' },
  // A call whose intent was removed from the journal.
  {
    type: 'stepDone',
    stepId: s1,
    outcome: 'applied',
    requestId: 'r3',
    durationMs: 5,
    at: at(7),
    direction: 'rollback',
  },
  {
    type: 'stopped',
    stepId: null,
    reason: { kind: 'internal', message: 'x' },
    at: at(8),
    direction: 'rollback',
  },
];

it('lists each call once, with its action, its request id and the code of a refusal', () => {
  expect(listCloudCalls(events)).toEqual([
    { at: at(2), direction: 'apply', stepId: 's1', action: 'RegisterTargets', requestId: 'r1', code: null },
    {
      at: at(5),
      direction: 'apply',
      stepId: 's2',
      action: 'ModifyRecord',
      requestId: 'r2',
      code: 'InternalError',
    },
    { at: at(7), direction: 'rollback', stepId: 's1', action: null, requestId: 'r3', code: null },
  ]);
});

it('lists the probes of steps with their answers', () => {
  expect(listStepProbes(events)).toEqual([{ ...answer, at: at(6), direction: 'apply', stepId: 's2' }]);
});
