import { sql } from 'drizzle-orm';
import { beforeEach, expect, it } from 'vitest';
import {
  apiTokens,
  approvalPolicies,
  changeFreezes,
  occurrences,
  policies,
  recurrences,
  safetyRules,
} from '@/lib/db/schema';
import { defaultPolicy } from '@/lib/policy/policy';
import { listTokens } from '@/lib/server/auth/list-tokens';
import { buildCalendar } from '@/lib/server/calendar/read-feeds';
import { getActivity } from '@/lib/server/diversions/get-activity';
import { getDiversion } from '@/lib/server/diversions/get-diversion';
import { listAllDiversions, listDiversions } from '@/lib/server/diversions/list-diversions';
import { getPlan } from '@/lib/server/plans/get-plan';
import { setRecurrence, stopRecurrence } from '@/lib/server/recurrences/change-recurrence';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { getSchedule } from '@/lib/server/runs/get-schedule';
import { listSafetyRules } from '@/lib/server/safety/list-safety-rules';
import { testEstate, testSplit } from '@/testing/plan/test-estate';
import { testRule } from '@/testing/plan/test-recurrence';
import { testContext } from '@/testing/server/test-context';
import { removeFreeze } from './change-freezes';
import { getApprovalPolicy } from './get-approval-policy';
import { listFreezes } from './list-freezes';
import { listPolicies } from './list-policies';
import { setApprovalPolicy } from './set-approval-policy';

/* Values that were changed in the database, without any verb. */

const context = testContext();
beforeEach(async () => {
  await context.clear();
  await context.connect('test', 'sandbox', testEstate({ takenAt: new Date().toISOString() }));
});

const damaged = { kind: 'damaged' } as never;

async function apply() {
  const { id, hash } = await context.plan();
  return applyPlan({ planId: id, hash, typedDomain: null, cutover: null });
}

it('names a damaged freeze, which prevents every apply until it is removed', async () => {
  const span = { kind: 'once', from: '2020-01-01T00:00:00.000Z', to: '2020-01-02T00:00:00.000Z' } as const;
  await context.db.insert(changeFreezes).values([
    { name: 'Old sale', span, createdBy: 'sari' },
    { name: 'Sale', span: damaged, createdBy: 'sari' },
  ]);
  const [old, sale] = await listFreezes();
  expect(old).toEqual({ id: expect.any(Number), name: 'Old sale', span });
  expect(sale).toMatchObject({ name: 'Sale', isUnread: true });
  const schedule = await getSchedule();
  expect(schedule.freezes).toEqual([old, sale]);
  expect(buildCalendar(schedule, 'http://127.0.0.1')).toContain('Sale');
  expect(await apply()).toMatchObject({
    error: { form: { message: 'plan.frozen', values: { freeze: 'Sale' } } },
  });
  expect(await removeFreeze(sale?.id ?? 0)).toMatchObject({ ok: true });
  expect(await apply()).toMatchObject({ ok: true });
});

it('shows the schedule without the occurrences of a damaged recurrence', async () => {
  const { diversionId } = await context.plan();
  await context.db.insert(recurrences).values({ diversionId, rule: damaged, setBy: 'sari' });
  expect(await getSchedule()).toMatchObject({ upcoming: [] });
});

it.each([
  ['is nothing', 'null'],
  ['has no zone of this machine', JSON.stringify({ ...testRule(), zone: 'Mars/Base' })],
  ['is text', '"daily"'],
])('lists all diversions if a stored recurrence %s, says what is damaged, and stops it', async (_, rule) => {
  const whole = (await context.plan()).diversionId;
  const plan = await context.plan({ ...testSplit(), name: 'Damaged' });
  const occurrence = (await context.plan({ ...testSplit(), name: 'Occurrence' })).diversionId;
  const { diversionId } = plan;
  await context.db.insert(recurrences).values({ diversionId, rule: sql`${rule}::jsonb`, setBy: 'sari' });
  const times = { t0: new Date(), t1: new Date() };
  await context.db.insert(occurrences).values({
    diversionId: occurrence,
    seriesId: diversionId,
    date: '2027-03-01',
    templateId: plan.id,
    ...times,
  });
  const template = {
    kind: 'template',
    rule: null,
    problem: { message: 'repeat.damaged', values: { fields: expect.stringMatching(/^rule/) } },
  };
  const series = [
    [occurrence, { kind: 'occurrence', of: diversionId, zone: 'UTC' }],
    [diversionId, template],
    [whole, null],
  ].map(([id, found]) => ({ id, series: found }));
  expect(await listDiversions()).toMatchObject(series);
  expect(await listAllDiversions({ limit: 10, after: null })).toMatchObject({ value: { items: series } });
  const { problem } = template;
  expect(await getDiversion(diversionId)).toMatchObject({
    series: template,
    recurrence: { rule: null, problem },
  });
  expect(await getDiversion(occurrence)).toMatchObject({ series: { zone: 'UTC' } });
  const stop = { diversionId, scheduled: 'keep', reason: 'damaged' } as const;
  expect(await stopRecurrence(stop)).toMatchObject({ ok: true });
  expect((await getActivity(diversionId))?.entries.at(-1)).toMatchObject({ change: 'stopped', rule: null });
  const set = testRule();
  expect(await setRecurrence({ diversionId, rule: set, reason: 'again' })).toMatchObject({ ok: true });
  expect(await getDiversion(diversionId)).toMatchObject({ recurrence: { rule: set, problem: null } });
});

it('shows no token with damaged limits as one without limits', async () => {
  const expiresAt = new Date(Date.now() + 3_600_000);
  const token = { name: 'CI', role: 'viewer', tokenHash: 'h', prefix: 'sw_x', expiresAt } as const;
  await context.db.insert(apiTokens).values({ ...token, limits: damaged });
  expect(await listTokens()).toMatchObject([{ limits: { connections: [], regions: [], domains: [] } }]);
  await context.db.delete(apiTokens);
});

it('asks for all approvals in the place of a damaged approval rule, until the rules are saved', async () => {
  await context.db
    .insert(approvalPolicies)
    .values({ rules: [{ name: 'Shop', approvals: 'two' }] as never, setBy: 'sari', setAt: new Date() });
  const policy = await getApprovalPolicy();
  expect(policy).toMatchObject({ rules: [{ name: '#1', approvals: 5, breakGlass: false }], unread: [0] });
  expect(await apply()).toMatchObject({
    error: { form: { message: 'plan.unapproved', values: { given: 0, needed: 5 } } },
  });
  expect(await setApprovalPolicy({ rules: [], readAt: policy.set?.at ?? null })).toMatchObject({ ok: true });
  expect(await apply()).toMatchObject({ ok: true });
  await context.db.update(approvalPolicies).set({ rules: 'none' as never });
  expect(await getApprovalPolicy()).toMatchObject({ rules: [{ approvals: 5 }], unread: [0] });
});

it('names the damaged values of a policy and uses defaults for them', async () => {
  await context.db.insert(policies).values({
    kind: 'sandbox',
    zone: 'Mars/Base',
    prewarmS: 1200,
    missedT0: damaged,
    guards: damaged,
    ownerTags: damaged,
    setBy: 'sari',
    setAt: new Date(),
  });
  const { missedT0, guards } = defaultPolicy;
  expect(await listPolicies()).toMatchObject([
    {
      kind: 'sandbox',
      policy: { zone: null, prewarmS: 1200, missedT0, guards },
      unread: ['zone', 'missedT0', 'guards', 'ownerTags'],
    },
    { kind: 'tencent', policy: defaultPolicy },
  ]);
  const plan = await context.plan();
  expect(await getPlan(plan.id)).toMatchObject({ policy: { guards } });
});

it('closes a damaged safety rule, and a gate whose state is damaged', async () => {
  const by = { createdBy: 'sari', changedBy: 'sari' };
  const rule = { kind: 'gating', name: 'Release', match: {}, condition: 'gate' } as never;
  await context.db
    .insert(safetyRules)
    .values({ ...by, name: 'Release', rule, gate: { isOn: 'no' } as never });
  expect((await listSafetyRules()).rules).toMatchObject([{ rule: { name: 'Release' }, gate: null }]);
  expect(await apply()).toMatchObject({
    error: { form: { message: 'plan.safetyRule', values: { rule: 'Release', why: 'gate' } } },
  });
  await context.db.execute(sql`update safety_rule set name = repeat('n', 100), rule = 'null'`);
  const [closed] = (await listSafetyRules()).rules;
  expect(closed).toMatchObject({ isUnread: true, gate: null, rule: { name: `#${closed?.id}` } });
  expect(await apply()).toMatchObject({
    error: { form: { message: 'plan.safetyRule', values: { rule: `#${closed?.id}`, why: 'unread' } } },
  });
});
