import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { SplitDiversion } from '@/lib/diversion/diversion';
import type { Estate } from '@/lib/estate/model';
import { RuleRef } from '@/lib/estate/object';
import { sameState } from '@/lib/estate/object-state';
import { invariant } from '@/lib/invariant';
import { stateAt } from '@/lib/plan/drift';
import { planRestore } from '@/lib/plan/plan-restore';
import { testSplitDiversion } from '@/testing/diversion/test-split';
import { TestRun } from '@/testing/run/test-run';
import { lasting, startRunFixture } from '@/testing/run/test-run-fixture';

/* Pods behind a load balancer, bound by their addresses, on the real sandbox over HTTP. */

const network = '127.198';
const [podA, podB] = [`${network}.100.51`, `${network}.100.52`] as const;

const fixture = await startRunFixture(`${network}.0.0/16`);
afterAll(() => fixture.stop());

const rule = (domain: string) =>
  RuleRef.parse({
    kind: 'rule',
    region: 'ap-singapore',
    loadBalancerId: 'lb-cvm00001',
    listenerId: 'lbl-cvm00001',
    domain,
    url: '/',
  });
const targetsOf = async (domain: string) => {
  const { state } = await fixture.cloud.read(rule(domain));
  return state.kind === 'rule' ? state.targets : [];
};
/** An estate without unknown findings about targets: re-bound targets have no health status yet. */
const unchecked = ({ rules, ...estate }: Estate) =>
  lasting({
    ...estate,
    rules: rules.map((each) => ({
      ...each,
      targets: each.targets.map((target) => ({ ...target, health: null })),
    })),
  });
const calls = (run: TestRun) =>
  run.plan.steps.flatMap((step) =>
    step.kind === 'write' ? [[step.call.action, step.call.params.Targets]] : [],
  );

describe('a domain that is served by pods', () => {
  beforeEach(() =>
    fixture.reset((account) => {
      for (const each of account.loadBalancers['lb-cvm00001']?.listeners[0]?.rules ?? [])
        each.targets = [podA, podB].map((eniIp) => ({
          instanceId: 'ins-web00001',
          eniIp,
          port: 8080,
          weight: 10,
          registeredAt: 0,
        }));
    }),
  );

  it('is read with the type and address of each, and their health', async () => {
    const { rules } = await fixture.readEstate();
    expect(rules.find(({ domain }) => domain === 'shop.example.com')?.targets).toMatchObject(
      [podA, podB].map((eniIp) => ({ kind: 'ENI', eniIp, privateIp: eniIp, port: 8080, health: 'alive' })),
    );
  });

  it('is replaced by a function in place and restored by its addresses', async () => {
    const before = await fixture.readEstate();
    const [cvm, fn] = testSplitDiversion.routes;
    const swapped = SplitDiversion.parse({
      ...testSplitDiversion,
      routes: [
        cvm,
        {
          ...fn,
          loadBalancerId: 'lb-cvm00001',
          listenerId: 'lbl-cvm00001',
          rule: { kind: 'swap', ruleId: 'loc-sale0001' },
        },
      ],
    });
    const run = new TestRun(fixture, await fixture.makePlan(0, swapped));
    expect(calls(run)[0]).toEqual([
      'DeregisterTargets',
      [podA, podB].map((EniIp) => ({ EniIp, Port: 8080, Weight: 10 })),
    ]);
    expect(await run.go('apply')).toBe('done');
    expect(await targetsOf('sale.example.com')).toEqual([]);
    expect(await run.go('rollback')).toBe('rolledBack');
    expect(unchecked(await fixture.readEstate())).toEqual(unchecked(before));
  });

  it('is restored with its previous weights and pods', async () => {
    const before = await fixture.readEstate();
    const object = rule('shop.example.com');
    const wanted = stateAt(before, object);
    const place = { LoadBalancerId: 'lb-cvm00001', ListenerId: 'lbl-cvm00001', LocationId: 'loc-shop0001' };
    const write = async (action: string, Targets: readonly object[]) => {
      const params = { ...place, Targets: Targets as never };
      await fixture.cloud.wait(
        await fixture.cloud.write({ service: 'clb', action, region: 'ap-singapore', params }),
      );
    };
    await write('ModifyTargetWeight', [{ EniIp: podA, Port: 8080, Weight: 1 }]);
    await write('DeregisterTargets', [{ EniIp: podB, Port: 8080 }]);
    await write('RegisterTargets', [{ InstanceId: 'ins-web00001', Port: 8080, Weight: 5 }]);
    const planned = planRestore({
      estate: await fixture.readEstate(),
      diversion: testSplitDiversion,
      restores: [{ object, state: wanted }],
      keepAliveS: 0,
    });
    invariant(planned.ok, 'it can be restored');
    expect(await new TestRun(fixture, planned.value).go('apply')).toBe('done');
    expect(sameState(stateAt(await fixture.readEstate(), object), wanted)).toBe(true);
  });
});

describe('pods added by a plan', () => {
  beforeEach(() => fixture.reset());

  it('are registered by their addresses beside servers, respond, and are deregistered again', async () => {
    const before = await fixture.readEstate();
    const [cvm, fn] = testSplitDiversion.routes;
    const addTargets = [podA, podB].map((eniIp) => ({ eniIp, port: 8080, weight: 20 }));
    const run = new TestRun(
      fixture,
      await fixture.makePlan(
        0,
        SplitDiversion.parse({ ...testSplitDiversion, routes: [{ ...cvm, addTargets }, fn] }),
      ),
    );
    expect(calls(run)).toContainEqual([
      'RegisterTargets',
      [podA, podB].map((EniIp) => ({ EniIp, Port: 8080, Weight: 20 })),
    ]);
    expect(await run.go('apply')).toBe('done');
    expect(await targetsOf('shop.example.com')).toEqual([
      ...['ins-web00001', 'ins-web00002'].map((instanceId) => ({ instanceId, port: 8080, weight: 10 })),
      ...addTargets,
    ]);
    expect(await run.go('rollback')).toBe('rolledBack');
    expect(unchecked(await fixture.readEstate())).toEqual(unchecked(before));
  });
});
