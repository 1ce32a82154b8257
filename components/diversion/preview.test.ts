import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  arbitraryEstate,
  testEstate,
  testFunction,
  testListener,
  testLoadBalancer,
  testSplit,
} from '@/lib/plan/test-estate';
import { applyFix } from './apply-fix';
import { firstBlockedField } from './field-findings';
import { chooseDomainOfB, chooseLoadBalancer } from './lane-choices';
import { fieldOfPath, previewSplit, readinessOf } from './preview';
import { emptyDraft, missingFields, type SplitDraft } from './split-draft';

const keepAliveS = 75;
const complete: SplitDraft = testSplit();
const preview = (draft: SplitDraft, estate = testEstate()) => previewSplit({ estate, draft, keepAliveS });

describe('a draft that nothing was chosen in', () => {
  it('has no findings and no errors, only what is missing', () => {
    const empty = preview(emptyDraft('test'));
    expect(empty.findings).toEqual([]);
    expect(empty.errors).toEqual({});
    expect(readinessOf(empty)).toEqual({ can: false, why: 'missing', field: 'laneA.domain' });
  });
});

describe('a draft with some choices', () => {
  const classic = testEstate({
    loadBalancers: [
      testLoadBalancer('lb-cvm'),
      testLoadBalancer('lb-scf', { vips: ['127.77.1.2'], generation: 'classic' }),
    ],
    listeners: [testListener('lb-cvm')],
  });

  it('judges a load balancer as soon as it is chosen, also one without a listener', () => {
    const draft = emptyDraft('test');
    const laneB = chooseLoadBalancer(classic, draft.laneB, 'lb-scf');
    const { findings } = preview({ ...draft, laneB }, classic);
    expect(findings.filter((f) => f.status === 'block').map((f) => f.why)).toEqual(['generation.classic']);
    expect(firstBlockedField(findings)).toBe('laneB.loadBalancerId');
  });

  it('says nothing about what is still to choose', () => {
    const draft = emptyDraft('test');
    const laneB = chooseLoadBalancer(testEstate(), draft.laneB, 'lb-scf');
    const shown = new Set(preview({ ...draft, laneB }).findings.map((f) => f.field));
    expect(shown).toEqual(new Set(['laneB.loadBalancerId', 'laneB.listenerId', 'laneB.rule']));
  });

  it('shows what concerns the account at the load balancer of lane B', () => {
    const estate = testEstate({ account: { uin: '1', networkAccountType: 'LEGACY' } });
    const { findings } = preview(complete, estate);
    expect(findings.find((f) => f.check === 'account-type')).toMatchObject({
      field: 'laneB.loadBalancerId',
      status: 'block',
    });
  });

  it('names what the schema refuses at its field', () => {
    const draft = { ...complete, laneB: { ...complete.laneB, domain: 'not a name' } };
    expect(preview(draft).errors).toEqual({ 'laneB.domain': ['domain.invalid'] });
  });
});

describe('a complete draft', () => {
  it('has a plan that can be reviewed', () => {
    const ready = preview(complete);
    expect(ready.plan.state).toBe('ready');
    expect(readinessOf(ready)).toEqual({ can: true });
  });

  it('can not be reviewed while something blocks', () => {
    const estate = testEstate({ functions: [testFunction({ type: 'HTTP' })] });
    expect(readinessOf(preview(complete, estate))).toEqual({ can: false, why: 'blocked', count: 1 });
  });

  it('names a choice that the estate no longer has', () => {
    const draft = { ...complete, laneB: { ...complete.laneB, listenerId: 'lbl-gone' } };
    const gone = preview(draft);
    expect(gone.plan).toMatchObject({ state: 'problems', problems: [{ field: 'laneB.listenerId' }] });
    expect(gone.findings.filter((f) => f.field === 'laneB.listenerId')).toMatchObject([
      { check: 'choices', status: 'block', values: { id: 'lbl-gone' } },
    ]);
    expect(readinessOf(gone)).toEqual({ can: false, why: 'blocked', count: 1 });
  });

  it('leads to what could not be read as to a block, because it stops as well', () => {
    const unread = preview(complete, testEstate({ account: { uin: '1', networkAccountType: null } }));
    expect(readinessOf(unread)).toEqual({ can: false, why: 'blocked', count: 1 });
    expect(firstBlockedField(unread.findings)).toBe('laneB.loadBalancerId');
  });
});

describe('fixes', () => {
  it('clear the finding that they belong to', () => {
    const estate = testEstate({
      loadBalancers: [
        testLoadBalancer('lb-cvm'),
        testLoadBalancer('lb-scf', { vips: ['127.77.1.2'], generation: 'classic' }),
        testLoadBalancer('lb-good', { vips: ['127.77.1.3'] }),
      ],
      listeners: [testListener('lb-cvm'), testListener('lb-scf'), testListener('lb-good')],
    });
    const block = preview(complete, estate).findings.find((f) => f.status === 'block');
    const patch = block?.fix?.patch;
    expect(patch).toBeTruthy();
    if (!patch) return;
    const fixed = applyFix(estate, complete, patch);
    expect(readinessOf(preview(fixed, estate))).toEqual({ can: true });
  });

  it('never empty what was chosen elsewhere, over any estate', () => {
    fc.assert(
      fc.property(arbitraryEstate, (estate) => {
        const laneB = chooseDomainOfB(estate, complete.laneB, 'flash.example.co.id');
        const draft = { ...complete, laneB };
        for (const { fix } of preview(draft, estate).findings) {
          if (!fix?.patch) continue;
          expect(missingFields(applyFix(estate, draft, fix.patch))).toEqual([]);
        }
      }),
    );
  });
});

it('knows the field of a path of the schema', () => {
  expect(fieldOfPath(['laneA', 'addTargets', 0, 'port'])).toBe('laneA.addTargets');
  expect(fieldOfPath(['laneB', 'function', 'name'])).toBe('laneB.function');
  expect(fieldOfPath(['name'])).toBe('name');
  expect(fieldOfPath(['kind'])).toBeUndefined();
});
