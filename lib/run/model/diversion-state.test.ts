import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findCurrent,
  getDiversionState,
  getRevisionState,
  listAttention,
  type RevisionFacts,
} from './diversion-state';
import { runStates } from './model';

const free = { given: 0, needed: 0 };
const facts = (runState: RevisionFacts['runState'], approvals = free) => ({
  runState,
  approvals,
  blocks: 0,
  problems: [],
});

const anyRevision = fc.record({
  runState: fc.option(fc.constantFrom(...runStates)),
  approvals: fc.record({ given: fc.nat(3), needed: fc.nat(3) }),
  blocks: fc.nat(2),
  problems: fc.constant([]),
});

describe('the state of a diversion', () => {
  it.each([
    ['draft', []],
    ['planned', [facts(null)]],
    ['planned', [facts(null, { given: 1, needed: 2 })]],
    ['approved', [facts(null, { given: 2, needed: 2 })]],
    ['scheduled', [facts('scheduled')]],
    ['running', [facts('ready')]],
    ['running', [facts('paused')]],
    ['stopped', [facts('missed')]],
    ['inEffect', [facts('done')]],
    ['rolledBack', [facts('rolledBack')]],
    ['leftAsIs', [facts('closed')]],
    // A newer plan changes nothing until it runs.
    ['inEffect', [facts(null), facts('done')]],
    ['stopped', [facts(null), facts('stopped')]],
    // An ended run doesn't count if a newer plan exists.
    ['planned', [facts(null), facts('rolledBack')]],
    ['inEffect', [facts('done'), facts('closed')]],
  ] as const)('is %s for %j', (state, revisions) => {
    expect(getDiversionState(revisions, false)).toBe(state);
    expect(getDiversionState(revisions, true)).toBe('discarded');
  });

  it('property: is that of its current revision, without a newer run in progress', () => {
    fc.assert(
      fc.property(fc.array(anyRevision, { minLength: 1, maxLength: 5 }), (revisions) => {
        const index = findCurrent(revisions);
        const current = revisions[index];
        expect(current).toBeDefined();
        if (current === undefined) return;
        expect(getDiversionState(revisions, false)).toBe(getRevisionState(current, index === 0));
        for (const newer of revisions.slice(0, index))
          expect([null, 'rolledBack', 'closed']).toContain(newer.runState);
      }),
    );
  });

  it('property: an older revision is superseded exactly if it has no run', () => {
    fc.assert(
      fc.property(anyRevision, fc.boolean(), (revision, isNewest) => {
        const isSuperseded = getRevisionState(revision, isNewest) === 'superseded';
        expect(isSuperseded).toBe(!isNewest && revision.runState === null);
      }),
    );
  });
});

describe('the pending task of a person', () => {
  const missing = { given: 0, needed: 1 };
  const invalid = (runState: RevisionFacts['runState']) => ({
    ...facts(runState),
    problems: [{ kind: 'outdated', values: {} }],
  });
  it.each([
    [[], []],
    [[], [facts('done')]],
    [['stopped'], [facts('stopped')]],
    [['missedT0'], [facts('missed')]],
    [['revalidation'], [invalid('scheduled')]],
    [['revalidation'], [invalid('ready')]],
    // A newer plan does not change what the scheduled one waits for.
    [
      ['revalidation', 'newerRevision'],
      [facts(null), invalid('scheduled')],
    ],
    // Its run has started, or is over.
    [[], [invalid('diverted')]],
    [[], [invalid('closed')]],
    [['unapproved'], [facts(null, missing)]],
    [['unapproved'], [facts('scheduled', missing)]],
    // It was applied in time, or under an earlier policy.
    [[], [facts('done', missing)]],
    [['blocked'], [{ ...facts(null), blocks: 2 }]],
    [['newerRevision'], [facts(null), facts('done')]],
    [
      ['stopped', 'unapproved', 'newerRevision'],
      [facts(null, missing), facts('stopped')],
    ],
  ] as const)('is %j for %j', (found, revisions) => {
    expect(listAttention(revisions, { isDiscarded: false, isUnscheduled: false })).toEqual(found);
    expect(listAttention(revisions, { isDiscarded: true, isUnscheduled: true })).toEqual([]);
  });

  it.each([
    // It could not be planned.
    [['unscheduled'], []],
    // The blocking findings are the reason.
    [['unscheduled'], [{ ...facts(null), blocks: 2 }]],
    [['unscheduled', 'unapproved'], [facts(null, missing)]],
    // An operator has scheduled it, or applied it at once.
    [[], [facts('scheduled')]],
    [[], [facts('done')]],
  ] as const)('is %j for %j of an occurrence that could not be scheduled', (found, revisions) => {
    expect(listAttention(revisions, { isDiscarded: false, isUnscheduled: true })).toEqual(found);
  });
});
