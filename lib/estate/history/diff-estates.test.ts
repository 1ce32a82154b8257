import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Estate } from '@/lib/estate/model';
import { stableText } from '@/lib/estate/same-value';
import { applyChanges, reverseChanges } from '@/lib/server/estate/read-snapshot';
import { anyEstate, estateOfAnyBuild } from '@/testing/estate/test-estates';
import { diffEstates } from './diff-estates';

/** Returns the whole content of an estate, regardless of the order of its lists. */
const said = (estate: Estate) => stableText({ ...estate, takenAt: '', connectionId: '' });
const shuffled = fc.func(fc.nat());
const estate = fc.oneof(anyEstate, estateOfAnyBuild);

describe('difference of two estates', () => {
  it('converts the earlier estate to the later one and back', () => {
    fc.assert(
      fc.property(estate, estate, (earlier, later) => {
        const changes = diffEstates(earlier, later);
        expect(said(applyChanges(earlier, changes))).toBe(said(later));
        expect(said(applyChanges(later, reverseChanges(changes)))).toBe(said(earlier));
      }),
    );
  });

  it('survives serialization', () => {
    fc.assert(
      fc.property(estate, estate, (earlier, later) => {
        const stored = JSON.parse(JSON.stringify(diffEstates(earlier, later)));
        expect(said(applyChanges(earlier, stored))).toBe(said(later));
      }),
    );
  });

  it('combines many steps into one difference from first to last, and reverses it', () => {
    fc.assert(
      fc.property(fc.array(estate, { minLength: 2, maxLength: 5 }), (steps) => {
        const [first, ...rest] = steps as [Estate, ...Estate[]];
        const changes = rest.flatMap((next, at) => diffEstates(steps[at] as Estate, next));
        const last = applyChanges(first, changes);
        expect(said(last)).toBe(said(steps.at(-1) as Estate));
        expect(said(applyChanges(last, reverseChanges(changes)))).toBe(said(first));
      }),
    );
  });

  it('ignores the order of lists', () => {
    fc.assert(
      fc.property(estate, shuffled, (one, rank) => {
        const order = <T>(items: T[]): T[] =>
          items
            .map((item, at) => ({ item, rank: rank(at, stableText(item)) }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ item }) => item);
        const other = {
          ...one,
          records: order(one.records),
          rules: order(one.rules.map((rule) => ({ ...rule, targets: order(rule.targets) }))),
        };
        expect(diffEstates(one, other)).toEqual([]);
      }),
    );
  });

  it('lists each object once, and omits unchanged objects', () => {
    fc.assert(
      fc.property(estate, estate, (earlier, later) => {
        const names = diffEstates(earlier, later).map(({ kind, key }) => `${kind} ${key}`);
        expect(new Set(names).size).toBe(names.length);
        for (const rule of earlier.rules) {
          const now = later.rules.find(({ id }) => id === rule.id);
          const isSame = now !== undefined && stableText(now) === stableText(rule);
          expect(names.includes(`rules ${rule.id}`)).toBe(!isSame);
        }
      }),
    );
  });
});

const base = fc
  .sample(anyEstate, { numRuns: 100, seed: 1 })
  .find(({ rules, records, loadBalancers }) => rules[0] && records[0] && loadBalancers[0]) as Estate;
const rule = (targets: Estate['rules'][number]['targets']): Estate['rules'][number] => ({
  ...(base.rules[0] as Estate['rules'][number]),
  targets,
});
const target = (instanceId: string, weight = 10) =>
  ({ kind: 'CVM', instanceId, instanceName: null, privateIp: null, port: 80, weight }) as never;

describe('a single change', () => {
  it('lists removed and added targets, and omits unchanged ones', () => {
    const before = { ...base, rules: [rule([target('ins-1'), target('ins-2'), target('ins-2')])] };
    const after = { ...base, rules: [rule([target('ins-2'), target('ins-3'), target('ins-1', 5)])] };
    expect(diffEstates(before, after)).toEqual([
      {
        kind: 'rules',
        key: before.rules[0]?.id,
        op: 'changed',
        fields: [
          {
            field: 'targets',
            removed: [target('ins-1'), target('ins-2')],
            added: [target('ins-3'), target('ins-1', 5)],
          },
        ],
      },
    ]);
  });

  it('counts a new first address as a change, because DNS records use it', () => {
    const [balancer] = base.loadBalancers as [Estate['loadBalancers'][number]];
    const buildEstate = (vips: string[]) => ({
      ...base,
      loadBalancers: balancer ? [{ ...balancer, vips }] : [],
    });
    expect(
      diffEstates(buildEstate(['1.1.1.1', '2.2.2.2']), buildEstate(['2.2.2.2', '1.1.1.1'])),
    ).toMatchObject([
      { fields: [{ field: 'vips', before: ['1.1.1.1', '2.2.2.2'], after: ['2.2.2.2', '1.1.1.1'] }] },
    ]);
  });

  it('counts an object that appears on two pages once', () => {
    const twice = { ...base, records: base.records.flatMap((record) => [record, record]) };
    expect(diffEstates(base, twice)).toEqual([]);
  });

  it('lists a newly read region outside the lists', () => {
    const changes = diffEstates({ ...base, regions: ['a'] }, { ...base, regions: ['a', 'b'] });
    expect(changes).toEqual([
      {
        kind: 'estate',
        key: '',
        op: 'changed',
        fields: [{ field: 'regions', before: ['a'], after: ['a', 'b'] }],
      },
    ]);
  });
});
