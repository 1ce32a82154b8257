import type { ApprovalActions } from '@/components/plan/review/approval-panel';
import type { RequestActions } from '@/components/plan/review/requests-panel';
import type { FixPlanAction } from '@/lib/contract/diversion';
import type { PlanView } from '@/lib/contract/plan';
import type { RescheduleAction } from '@/lib/contract/run';
import { type Diversion, DiversionId } from '@/lib/diversion/diversion';
import { PlanId } from '@/lib/plan/model/model';
import { noRequirement } from '@/lib/policy/approval-rules';
import { defaultPolicy } from '@/lib/policy/policy';
import { preflight } from '@/lib/preflight/preflight';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testEstate, testSplit } from '@/testing/plan/test-estate';
import { testedConditions } from '@/testing/preflight/build-test-invocation';

/** The test's account, as passed to pages. */
export const testConnectionView = {
  id: 'test',
  name: 'niaga',
  kind: 'sandbox',
  uin: '100000000001',
  portOffset: 0,
  isolation: 'jail',
} as const;

/**
 * Returns a new plan of a diversion (by default the test Split) over an estate, as passed to its page: on the sandbox
 * and without a policy.
 */
export function testPlanView(
  change: Partial<PlanView> = {},
  estate = testEstate(),
  diversion: Diversion = testSplit(),
): PlanView {
  const planned = createTestPlan({ estate, diversion });
  return {
    id: PlanId.parse('p-1'),
    diversionId: DiversionId.parse('D-0001'),
    hash: 'abc',
    createdAt: '2026-12-11T15:00:00.000Z',
    createdBy: 'local',
    connection: testConnectionView,
    plan: planned,
    findings: preflight({ estate, diversion, conditions: testedConditions(estate) }),
    isIntact: true,
    runId: null,
    disconnected: [],
    reschedulable: null,
    policy: defaultPolicy,
    approvals: {
      all: [],
      count: { given: 0, needed: 0 },
      requirement: noRequirement,
      authors: ['local'],
      approvers: [],
      requests: [],
      voidRequests: 0,
      comments: [],
      isOutdated: false,
      state: 'open',
    },
    replaces: null,
    traffic: null,
    figureIntervals: { trafficS: 60, probeS: 10 },
    ...change,
  };
}

/** Verbs of requests for pages that send none. */
export const noRequests: RequestActions = {
  requestApproval: () => Promise.reject(new Error('this page requests nothing')),
  cancelRequest: () => Promise.reject(new Error('this page cancels nothing')),
  declinePlan: () => Promise.reject(new Error('this page declines nothing')),
  commentPlan: () => Promise.reject(new Error('this page has no comments')),
  breakGlass: () => Promise.reject(new Error('this page applies nothing without approval')),
};

/** Actions for pages without approvals. */
export const noApprovals: ApprovalActions & {
  readonly tab: 'now';
  readonly rescheduleRun: RescheduleAction;
  readonly requesting: RequestActions;
  readonly fixPlan: FixPlanAction;
} = {
  tab: 'now',
  requesting: noRequests,
  fixPlan: () => Promise.reject(new Error('this page fixes nothing')),
  approvePlan: () => Promise.reject(new Error('this page has no approvals')),
  withdrawApproval: () => Promise.reject(new Error('this page has no approvals')),
  rescheduleRun: () => Promise.reject(new Error('this page reschedules nothing')),
};
