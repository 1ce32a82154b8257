import { expect, it } from 'vitest';
import { invariant } from '@/lib/invariant';
import { measuredRoutes } from './measured-routes';
import { planSplit } from './plan-split';
import { testEstate, testSplit } from './test-estate';

const planned = planSplit({ estate: testEstate(), diversion: testSplit(), keepAliveS: 75 });
invariant(planned.ok, 'the test estate can be planned');
const { value: plan } = planned;

it('names each rule that a plan makes once, with the function that answers there in the end', () => {
  const { laneB } = plan.diversion;
  expect(measuredRoutes(plan)).toEqual([
    {
      region: 'ap-singapore',
      loadBalancerId: laneB.loadBalancerId,
      listenerId: laneB.listenerId,
      domain: laneB.domain,
      url: '/',
      functions: [
        expect.objectContaining({ name: laneB.function.name, namespace: laneB.function.namespace }),
      ],
    },
  ]);
});

it('leaves out rules where nothing answers in the end', () => {
  const withoutBinding = plan.steps.filter(
    (step) => step.kind !== 'write' || step.call.action !== 'RegisterFunctionTargets',
  );
  expect(withoutBinding.length).toBe(plan.steps.length - 1);
  expect(measuredRoutes({ steps: withoutBinding })).toEqual([]);
});

it('has rules whose CVM targets a plan adds, without functions', () => {
  const [target] = testEstate().rules[0]?.targets ?? [];
  invariant(target !== undefined, 'the first rule has a target');
  const { laneA } = testSplit();
  const added = { instanceId: target.instanceId, port: target.port + 1, weight: 10 };
  const diversion = { ...testSplit(), laneA: { ...laneA, addTargets: [added] } };
  const more = planSplit({ estate: testEstate(), diversion, keepAliveS: 75 });
  invariant(more.ok, 'the test estate can be planned');
  const found = measuredRoutes(more.value).map(({ domain, functions }) => [domain, functions.length]);
  expect(found).toContainEqual([laneA.domain, 0]);
});
