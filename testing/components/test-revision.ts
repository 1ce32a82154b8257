import type { RevisionView } from '@/lib/contract/diversion';
import { PlanId } from '@/lib/plan/model/model';

/** Returns the first revision of a diversion, which is not applied. */
export function testRevision(change: Partial<RevisionView> = {}): RevisionView {
  return {
    planId: PlanId.parse('P-0001'),
    number: 1,
    state: 'planned',
    createdAt: '2026-12-11T15:00:00.000Z',
    createdBy: 'local',
    blocks: 0,
    writes: 3,
    hasOutage: false,
    isRestore: false,
    runId: null,
    isBegun: true,
    cutover: null,
    runState: null,
    problems: [],
    approvals: { given: 0, needed: 0 },
    ...change,
  };
}
