import { beforeEach, describe, expect, it } from 'vitest';
import type { Cutover } from '@/lib/diversion/cutover';
import { invariant } from '@/lib/invariant';
import type { SafetyRule } from '@/lib/safety/safety-rule';
import { approvePlan } from '@/lib/server/plans/change-approvals';
import { previewPlan } from '@/lib/server/plans/describe-plan';
import { previewSafetyRule } from '@/lib/server/plans/preview-safety-rule';
import { actAs, type Caller } from '@/lib/server/request-actor';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { addFreeze } from '@/lib/server/settings/change-freezes';
import { testEstate, testSplit } from '@/testing/plan/test-estate';
import { testWrittenIds } from '@/testing/run/test-written-ids';
import { testContext } from '@/testing/server/test-context';
import { testActor } from '@/testing/server/test-person';
import { addSafetyRule, changeSafetyRule, removeSafetyRule, setSafetyGate } from './change-safety-rules';
import { listSafetyRules } from './list-safety-rules';

const context = testContext();
beforeEach(async () => {
  await context.clear();
  await context.connect('test', 'sandbox', testEstate({ takenAt: new Date().toISOString() }));
});

const flash = 'flash.example.co.id';
const at = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

/** Adds fields of a rule to those that any rule needs. */
const ruleOf = (rule: object) => ({ name: 'rule', match: { domains: [] }, ...rule }) as unknown as SafetyRule;

async function add(rule: object): Promise<number> {
  const made = await addSafetyRule({ rule: ruleOf(rule) });
  invariant(made.ok, `the rule is added: ${JSON.stringify(made)}`);
  return made.value.id;
}

const protectedFlash = { kind: 'protected', match: { domains: ['flash.*'] }, approvals: null } as const;
const gate = { kind: 'gating', condition: 'gate', switchedBy: 'administrator' } as const;

const apply = ({ id, hash }: { id: string; hash: string }, cutover: Cutover | null = null) =>
  applyPlan({ planId: id, hash, typedDomain: null, cutover });
const scheduleOf = (hours: number): Cutover => ({
  t0: at(hours),
  prewarmS: 600,
  t1: at(hours + 2),
  zone: 'UTC',
  missedT0: { kind: 'skip' },
  guards: [],
});
const refusedBy = (values: object) => ({
  ok: false,
  error: { form: { message: 'plan.safetyRule', values } },
});

const callerAs = (role: 'operator' | 'administrator'): Caller => ({
  actor: testActor(`${role}@example.com`, role),
  credential: { via: 'token', id: 'test' },
  requestId: 'test',
  address: null,
  cookie: null,
  userAgent: null,
});

describe('a violated rule', () => {
  it('is a blocking finding of the plan, which names the rule and who may change it', async () => {
    await add({ ...protectedFlash, name: 'Sale is on' });
    const { findings } = await context.plan();
    expect(findings.filter(({ check }) => check === 'safety-rules')).toMatchObject([
      { status: 'block', why: 'safety-rules.refused', values: { rule: 'Sale is on', may: 'administrator' } },
    ]);
    const preview = await previewPlan({ connectionId: 'test', diversion: testSplit() });
    expect(preview).toMatchObject({ ok: true, value: { isBlocked: true } });
    const text = preview.ok ? preview.value.findings.find(({ isBlocking }) => isBlocking)?.text : '';
    expect(text).toBe(
      'The safety rule “Sale is on” refuses this: flash.example.co.id is protected. Administrators can change the rule in Settings.',
    );
  });

  it('refuses an approval and an apply, also of a plan from before the rule', async () => {
    const plan = await context.plan();
    await add({ ...protectedFlash, name: 'Sale is on' });
    const refused = refusedBy({ rule: 'Sale is on', why: 'never', object: flash, may: 'administrator' });
    expect(await approvePlan({ planId: plan.id, hash: plan.hash, name: 'Intan' })).toMatchObject(refused);
    expect(await apply(plan)).toMatchObject(refused);
    expect(await apply(plan, scheduleOf(2))).toMatchObject(refused);
  });

  it('refuses nothing once it is changed, disabled or removed', async () => {
    const plan = await context.plan();
    const id = await add(protectedFlash);
    const rule = { name: 'rule', ...protectedFlash };
    expect(await apply(plan)).toMatchObject({ ok: false });
    await changeSafetyRule({ id, rule: { ...rule, match: { domains: ['pay.*'] } } });
    expect((await context.plan()).findings).toContainEqual(
      expect.objectContaining({ check: 'safety-rules', status: 'pass' }),
    );
    await changeSafetyRule({ id, rule: { ...rule, isEnabled: false } });
    expect((await context.plan()).findings.some(({ check }) => check === 'safety-rules')).toBe(false);
    await removeSafetyRule({ id });
    expect(await apply(await context.plan())).toMatchObject({ ok: true });
  });

  it('counts the approvals of the plan', async () => {
    await add({ ...protectedFlash, approvals: 2 });
    const plan = await context.plan();
    expect(plan.findings.filter(({ check }) => check === 'safety-rules')).toMatchObject([
      { status: 'warn', why: 'safety-rules.now' },
    ]);
    const approve = (name: string) => approvePlan({ planId: plan.id, hash: plan.hash, name });
    expect(await approve('Intan')).toMatchObject({ ok: true });
    expect(await apply(plan)).toMatchObject(refusedBy({ why: 'approvals', given: 1, needed: 2 }));
    expect(await approve('Bagus')).toMatchObject({ ok: true });
    expect(await apply(plan)).toMatchObject({ ok: true });
  });
});

describe('a rule about the start', () => {
  it('warns at plan, allows an approval and a schedule, and refuses to start', async () => {
    const id = await add(gate);
    const plan = await context.plan();
    expect(plan.findings.filter(({ check }) => check === 'safety-rules')).toMatchObject([
      { status: 'warn', values: { why: 'gate' } },
    ]);
    expect(await approvePlan({ planId: plan.id, hash: plan.hash, name: 'Intan' })).toMatchObject({
      ok: true,
    });
    expect(await apply(plan)).toMatchObject(refusedBy({ why: 'gate' }));
    expect(await setSafetyGate({ id, isOn: true, reason: 'approved' })).toMatchObject({ ok: true });
    expect(await apply(plan)).toMatchObject({ ok: true });
  });

  it('allows a schedule while its gate is off', async () => {
    await add(gate);
    expect(await apply(await context.plan(), scheduleOf(2))).toMatchObject({ ok: true });
  });

  it('refuses a schedule outside of the allowed hours', async () => {
    const minute = (hours: number) => new Date(at(hours)).getUTCHours() * 60;
    const daily = { kind: 'daily', fromMinute: minute(20), toMinute: minute(22), zone: 'UTC' };
    await add({ kind: 'hours', windows: [daily] });
    const plan = await context.plan();
    expect(await apply(plan, scheduleOf(2))).toMatchObject(refusedBy({ why: 'hours' }));
    const hour = 3_600_000;
    const inside = Math.floor((Date.now() + 20 * hour) / hour) * hour + hour / 2;
    const t0 = new Date(inside).toISOString();
    expect(await apply(plan, { ...scheduleOf(2), t0, t1: at(24) })).toMatchObject({ ok: true });
  });

  it('reads the change freezes', async () => {
    await add({ kind: 'gating', condition: 'noChangeFreeze', name: 'No freeze' });
    await addFreeze({ name: 'sale', span: { kind: 'once', from: at(-1), to: at(1) } });
    expect((await context.plan()).findings).toContainEqual(
      expect.objectContaining({ values: expect.objectContaining({ why: 'noChangeFreeze', freeze: 'sale' }) }),
    );
  });

  it('counts the writes of other plans', async () => {
    const first = await context.plan();
    const applied = await apply(first);
    invariant(applied.ok, 'the plan is applied');
    const write = first.plan.steps.find(({ kind }) => kind === 'write');
    invariant(write?.kind === 'write', 'the plan writes');
    const stamp = { at: at(0), direction: 'apply' } as const;
    await context.write(
      applied.value.runId,
      { type: 'started', actor: 'local', attempt: 1, ...stamp },
      {
        type: 'stepDone',
        stepId: write.id,
        outcome: 'applied',
        requestId: null,
        durationMs: 1,
        ...testWrittenIds(write),
        ...stamp,
      },
      { type: 'finished', result: 'done', ...stamp },
    );
    // The next plan starts from that write, so it has one fewer itself.
    const count = first.plan.steps.filter(({ kind }) => kind === 'write').length;
    await add({ kind: 'bulk', unit: 'writes', max: count - 1, windowMinutes: 60 });
    const { findings } = await context.plan();
    expect(findings.filter(({ check }) => check === 'safety-rules')).toMatchObject([
      { status: 'warn', values: { why: 'writes', count, max: count - 1, minutes: 60 } },
    ]);
  });
});

describe('the verbs', () => {
  it('list rules with who changed them, and refuse a second of one name', async () => {
    const id = await add(protectedFlash);
    expect(await listSafetyRules()).toMatchObject({
      rules: [{ id, rule: { name: 'rule', isEnabled: true }, gate: null, changedBy: 'local' }],
    });
    const again = { name: 'rule', match: { domains: [] }, ...gate };
    const taken = { ok: false, error: { fields: { 'rule.name': ['safetyRule.nameTaken'] } } };
    expect(await addSafetyRule({ rule: again })).toMatchObject(taken);
    const other = await add({ ...gate, name: 'other' });
    expect(await changeSafetyRule({ id: other, rule: again })).toMatchObject(taken);
  });

  it.each([
    [
      'a pattern that is no host name',
      { ...protectedFlash, match: { domains: ['a b'] } },
      'rule.match.domains.0',
    ],
    ['an assertion without domains', { kind: 'assertion', match: { domains: [] } }, 'rule.match.domains'],
    ['more than 100 %', { kind: 'bulk', unit: 'routesPercent', max: 101 }, 'rule.max'],
    ['no allowed hours', { kind: 'hours', windows: [] }, 'rule.windows'],
  ])('refuse %s', async (_, rule, field) => {
    const made = await addSafetyRule({ rule: ruleOf(rule) });
    expect(made.ok ? [] : Object.keys(made.error.fields)).toContain(field);
  });

  it('let operators switch a gate only where the rule says so', async () => {
    const own = await add({ ...gate, name: 'own' });
    const open = await add({ ...gate, name: 'open', switchedBy: 'operator' });
    const set = (id: number) => setSafetyGate({ id, isOn: true, reason: 'night' });
    expect(await actAs(callerAs('operator'), () => set(own))).toMatchObject({
      ok: false,
      error: { form: { message: 'safetyRule.gateOfAdministrators' } },
    });
    expect(await actAs(callerAs('operator'), () => set(open))).toMatchObject({ ok: true });
    expect(await actAs(callerAs('operator'), () => removeSafetyRule({ id: open }))).toMatchObject({
      ok: false,
      error: { form: { message: 'role.notPermitted' } },
    });
    expect((await listSafetyRules()).rules.map(({ gate: state }) => state?.by ?? null)).toEqual([
      null,
      'operator@example.com',
    ]);
    expect(await set(await add({ ...protectedFlash, name: 'none' }))).toMatchObject({
      ok: false,
      error: { form: { message: 'safetyRule.noGate' } },
    });
  });

  it('keep the state of a gate when its rule is renamed', async () => {
    const id = await add(gate);
    await setSafetyGate({ id, isOn: true, reason: 'night' });
    await changeSafetyRule({ id, rule: { ...gate, name: 'renamed', match: { domains: [] } } });
    expect((await listSafetyRules()).rules).toMatchObject([
      { rule: { name: 'renamed' }, gate: { isOn: true, reason: 'night' } },
    ]);
  });
});

describe('a preview', () => {
  const rule = { name: 'rule', ...protectedFlash };

  it('lists the current diversions that a rule would refuse', async () => {
    const plan = await context.plan();
    expect(await previewSafetyRule({ rule })).toMatchObject({
      judged: 1,
      refused: [
        { planId: plan.id, diversionId: plan.diversionId, isMomentary: false, values: { object: flash } },
      ],
    });
    const shop = { ...rule, match: { domains: ['elsewhere.example'] } };
    expect(await previewSafetyRule({ rule: shop })).toEqual({ judged: 1, refused: [] });
  });

  it('judges the resulting state on the newest snapshot', async () => {
    await context.plan();
    const assertion = {
      kind: 'assertion',
      name: 'servers',
      match: { domains: [flash] },
      sides: 'cvm',
      over: 'eachDomain',
      requirement: { kind: 'atLeast', count: 1 },
    };
    expect(await previewSafetyRule({ rule: assertion })).toMatchObject({
      refused: [{ values: { why: 'atLeast', serving: 0 } }],
    });
  });

  it('leaves out plans that have been applied and are over', async () => {
    const plan = await context.plan();
    const applied = await apply(plan);
    invariant(applied.ok, 'the plan is applied');
    expect(await previewSafetyRule({ rule })).toMatchObject({ judged: 1 });
    const stamp = { at: at(0), direction: 'apply' } as const;
    await context.write(
      applied.value.runId,
      { type: 'started', actor: 'local', attempt: 1, ...stamp },
      { type: 'finished', result: 'done', ...stamp },
    );
    expect(await previewSafetyRule({ rule })).toEqual({ judged: 0, refused: [] });
  });
});
