import { expect, it } from 'vitest';
import { emptyDraft, type SplitDraft } from '@/components/diversion/split-draft';
import { testEstate, testSwitch } from '@/lib/plan/test-estate';
import { previewSwitch } from './preview-switch';

const estate = testEstate();
const whole: SplitDraft = { ...emptyDraft(''), laneA: testSwitch().laneA, laneB: testSwitch().laneB };

it('gives both sides the one domain, and its name to the Switch', () => {
  const { diversion, missing, errors } = previewSwitch(estate, {
    ...whole,
    laneB: { ...whole.laneB, domain: '' },
  });
  expect({ missing, errors }).toEqual({ missing: [], errors: {} });
  expect(diversion).toMatchObject({
    ...{ kind: 'switch', name: 'flash.example.co.id' },
    ...{ laneA: { domain: 'flash.example.co.id' }, laneB: { domain: 'flash.example.co.id' } },
  });
});

it('names what is still to choose, in the order of the form, and judges nothing of that', () => {
  const { diversion, missing, errors, findings } = previewSwitch(estate, emptyDraft(''));
  expect(missing).toEqual([
    ...['laneA.domain', 'laneA.loadBalancerId', 'laneA.listenerId', 'laneA.rule'],
    ...['laneB.loadBalancerId', 'laneB.listenerId', 'laneB.rule', 'laneB.function', 'laneB.expectedBody'],
  ]);
  expect({ diversion, errors }).toEqual({ diversion: null, errors: {} });
  expect(findings.filter(({ field }) => field !== 'laneB.loadBalancerId')).toEqual([]);
});

it('refuses one load balancer for both sides at the field that mends it', () => {
  const { diversion, errors } = previewSwitch(estate, {
    ...whole,
    laneB: { ...whole.laneB, loadBalancerId: whole.laneA.loadBalancerId },
  });
  expect(diversion).toBeNull();
  expect(errors).toEqual({ 'laneB.loadBalancerId': ['switch.oneLoadBalancer'] });
});
