import { beforeEach, describe, expect, it } from 'vitest';
import { defaultPolicy, type Policy } from '@/lib/policy/policy';
import { testEstate, testSplit } from '@/testing/plan/test-estate';
import { testContext } from '@/testing/server/test-context';
import { listPolicies } from './list-policies';
import { setPolicy } from './set-policy';

const context = testContext();
beforeEach(() => context.clear());

const strict: Policy = {
  zone: 'Asia/Jakarta',
  prewarmS: 1200,
  missedT0: { kind: 'runIfLate', withinS: 90 },
  guards: [{ measure: 'latency', limit: 800, forS: 15, outcome: 'rollback' }],
  ownerTags: ['team'],
};
const real = async () => (await listPolicies()).find(({ kind }) => kind === 'tencent');
const change = { kind: 'tencent', readAt: null } as const;

describe('setPolicy', () => {
  it('sets the policy of one kind of connection and keeps that of the other', async () => {
    expect(await listPolicies()).toEqual([
      { kind: 'sandbox', policy: defaultPolicy, set: null },
      { kind: 'tencent', policy: defaultPolicy, set: null },
    ]);
    expect(await setPolicy({ ...strict, ...change })).toEqual({ ok: true, value: null });
    expect(await listPolicies()).toEqual([
      { kind: 'sandbox', policy: defaultPolicy, set: null },
      { kind: 'tencent', policy: strict, set: { by: 'local', at: expect.any(String) } },
    ]);
    const readAt = (await real())?.set?.at ?? null;
    expect(await setPolicy({ ...strict, prewarmS: 60, kind: 'tencent', readAt })).toMatchObject({ ok: true });
    expect(await real()).toMatchObject({ policy: { ...strict, prewarmS: 60 } });
  });

  it('is refused without a change if another person has changed them in the meantime', async () => {
    const late = { ok: false, error: { form: { message: 'policy.changed' } } };
    await setPolicy({ ...strict, ...change });
    expect(await setPolicy({ ...defaultPolicy, ...change })).toMatchObject(late);
    const readAt = new Date(Date.parse((await real())?.set?.at ?? '') - 1).toISOString();
    expect(await setPolicy({ ...defaultPolicy, kind: 'tencent', readAt })).toMatchObject(late);
    expect(await real()).toMatchObject({ policy: strict });
  });

  it('is refused with a guard on a figure without a value', async () => {
    const guards: Policy['guards'] = [
      ...strict.guards,
      { measure: 'errorsAboveCvm', limit: 1, forS: 300, outcome: 'stop' },
    ];
    const set = () => setPolicy({ ...strict, ...change, guards });
    expect(await context.withSettings({ SPILLWAY_TRAFFIC_S: 0 }, set)).toMatchObject({
      error: { fields: { 'guards.1.measure': ['guard.trafficOff'] }, form: { message: 'guard.unread' } },
    });
    expect(await real()).toMatchObject({ set: null });
    expect(await set()).toMatchObject({ ok: true });
  });

  it('names the tags of other tools, of which plans on these accounts warn', async () => {
    const estate = testEstate();
    const loadBalancers = estate.loadBalancers.map((each) => ({ ...each, tags: { team: 'shop' } }));
    await context.connect('tagged', 'sandbox', { ...estate, loadBalancers });
    const judge = async () => {
      const { findings } = await context.plan(testSplit(), 'tagged');
      return findings.filter(({ check }) => check === 'tagged-owner').map(({ status }) => status);
    };
    expect(await judge()).toEqual(['pass']);
    await setPolicy({ ...strict, ...change });
    expect(await judge()).toEqual(['pass']);
    await setPolicy({ ...strict, kind: 'sandbox', readAt: null });
    expect(await judge()).toContain('warn');
  });

  it('reports every invalid field of its input', async () => {
    const bad = {
      zone: 'Mars/Base',
      prewarmS: -1,
      missedT0: { kind: 'runIfLate', withinS: 1 },
      guards: [
        { measure: 'latency', limit: -1, forS: 15, outcome: 'rollback' },
        { measure: 'errorRate', limit: 5, forS: 601, outcome: 'stop' },
      ],
      ownerTags: ['a'.repeat(128)],
    } as const;
    expect(await setPolicy({ ...bad, ...change })).toEqual({
      ok: false,
      error: {
        fields: {
          zone: ['zone.unknown'],
          prewarmS: ['prewarm.negative'],
          'missedT0.withinS': ['late.invalid'],
          'guards.0.limit': ['guard.limit'],
          'guards.1.forS': ['guard.forS'],
          ownerTags: ['ownerTags.key'],
        },
        form: null,
      },
    });
    expect(await setPolicy({ ...strict, kind: 'moon' as 'tencent', readAt: 'soon' })).toMatchObject({
      ok: false,
      error: { fields: { kind: [expect.any(String)], readAt: ['instant.invalid'] } },
    });
    expect(await real()).toMatchObject({ set: null });
  });
});
