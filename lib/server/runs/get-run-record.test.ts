import { beforeAll, describe, expect, it } from 'vitest';
import { GET } from '@/app/api/runs/[id]/record/route';
import type { PlanView } from '@/lib/contract/plan';
import { invariant } from '@/lib/invariant';
import { StepId } from '@/lib/plan/model/model';
import type { Role } from '@/lib/policy/roles';
import type { RunId } from '@/lib/run/model/run-id';
import { approvePlan } from '@/lib/server/plans/change-approvals';
import { actAs, type Caller } from '@/lib/server/request-actor';
import { testContext } from '@/testing/server/test-context';
import { testActor } from '@/testing/server/test-person';
import { applyPlan } from './apply-plan';
import { getRunRecord } from './get-run-record';

const context = testContext((given) => given.connect('test'));

const as = (role: Role): Caller => ({
  actor: testActor(`${role}@example.com`, role),
  credential: { via: 'session', id: role },
  requestId: 'r',
  address: '127.0.0.1',
  cookie: null,
  userAgent: null,
});

let plan: PlanView;
let runId: RunId;
beforeAll(async () => {
  plan = await context.plan();
  const approved = await approvePlan({ planId: plan.id, hash: plan.hash, name: 'Budi', comment: 'Checked' });
  invariant(approved.ok, 'the plan is approved');
  const applied = await applyPlan({ planId: plan.id, hash: plan.hash, typedDomain: null });
  invariant(applied.ok, 'the plan is applied');
  runId = applied.value.runId;
  const about = { at: '2026-12-12T00:00:00.000Z', direction: 'apply', stepId: StepId.parse('s1') } as const;
  const answer = {
    passed: false,
    latencyMs: 9,
    status: '502',
    address: '127.77.1.1:80',
    body: '',
    failure: '502',
  };
  await context.write(
    runId,
    { ...about, type: 'started', actor: 'local', attempt: 1 },
    { ...about, type: 'intent', action: 'ModifyRecord', attempt: 1 },
    { ...about, type: 'accepted', requestId: 'cloud-1', taskId: null },
    { ...about, type: 'probed', answer },
  );
});

describe('getRunRecord', () => {
  it('joins plan hash, approvals, events, request ids, probes and the audit log', async () => {
    const record = await getRunRecord(runId);
    expect(record).toMatchObject({
      plan: { id: plan.id, hash: plan.hash, isIntact: true },
      createdBy: 'local',
      approvals: [{ name: 'Budi', comment: 'Checked', hash: plan.hash, withdrawnAt: null }],
      calls: [{ action: 'ModifyRecord', requestId: 'cloud-1', code: null }],
      probes: [{ status: '502', passed: false }],
    });
    expect(record?.activity.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['planned', 'approved', 'requested', 'run']),
    );
    const operations = record?.audit?.map(({ content }) => `${content?.operation} ${content?.outcome}`);
    expect(operations).toEqual(['plan.create done', 'plan.approve done', 'plan.apply done']);
    expect(record?.head.seq).toBeGreaterThanOrEqual(record?.audit?.at(-1)?.seq ?? 0);
  });

  it('has the guards that were breached during the run', async () => {
    const guard = { measure: 'errorRate', limit: 1, forS: 60, outcome: 'rollback' } as const;
    const breach = { guard, value: 5, since: '2026-12-12T00:01:00.000Z' };
    const at = '2026-12-12T00:02:00.000Z';
    expect((await getRunRecord(runId))?.watch).toBeNull();
    await context.write(runId, {
      type: 'rollback',
      why: { kind: 'guard', breach },
      at,
      direction: 'rollback',
    });
    expect((await getRunRecord(runId))?.watch?.breaches).toEqual([
      { at, breach, overAt: null, failed: [], state: { kind: 'unmeasured', at } },
    ]);
  });

  it('has the audit log only for those who may read it', async () => {
    expect((await actAs(as('operator'), () => getRunRecord(runId)))?.audit).toBeNull();
    expect((await actAs(as('approver'), () => getRunRecord(runId)))?.audit).toHaveLength(3);
  });

  it('is null for a run that does not exist', async () => {
    expect(await getRunRecord('R-9999' as RunId)).toBeNull();
  });
});

it('is a file, whose download is recorded', async () => {
  const get = (id: string) =>
    GET(new Request(`http://localhost/api/runs/${id}/record`), { params: Promise.resolve({ id }) });
  expect((await get('R-9999')).status).toBe(404);
  const response = await get(runId);
  expect(response.headers.get('content-disposition')).toContain(`${runId}-record.json`);
  expect(await response.json()).toMatchObject({ plan: { hash: plan.hash } });
  const { audit } = (await getRunRecord(runId)) ?? {};
  expect(audit?.at(-1)?.content).toMatchObject({ operation: 'run.exportRecord', outcome: 'done' });
});
