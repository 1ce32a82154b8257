import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testApprovalRule } from '@/testing/server/require-approvals';
import {
  type ApprovalFacts,
  type ApprovalRule,
  ApprovalRules,
  type ApprovalTarget,
  findMostApprovals,
  findRequirement,
} from './approval-rules';
import { connectionKinds } from './connection-kinds';

const domains = ['shop.example.com', 'example.com', 'test.example.com'];
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const target = fc.record<ApprovalTarget>({
  kind: fc.constantFrom(...connectionKinds),
  connectionId: fc.constantFrom('a', 'b'),
  region: orNull(fc.constantFrom('ap-jakarta', 'ap-singapore')),
  domain: orNull(fc.constantFrom(...domains)),
});
const rule = fc
  .record({
    kind: orNull(fc.constantFrom(...connectionKinds)),
    connectionId: orNull(fc.constantFrom('a', 'b')),
    region: orNull(fc.constantFrom('ap-jakarta', 'ap-singapore')),
    domain: orNull(fc.constantFrom('*.example.com', ...domains)),
    writes: orNull(fc.integer({ min: 1, max: 9 })),
    sharePercent: orNull(fc.integer({ min: 1, max: 100 })),
    warnings: fc.boolean(),
    approvals: fc.nat(3),
    selfApproval: fc.boolean(),
    expiresAfterH: orNull(fc.integer({ min: 1, max: 48 })),
    rehearsedWithinH: orNull(fc.integer({ min: 1, max: 48 })),
    breakGlass: fc.boolean(),
  })
  .map(
    ({ kind, connectionId, region, domain, writes, sharePercent, warnings, ...rest }): ApprovalRule => ({
      ...testApprovalRule(0),
      ...rest,
      match: ApprovalRules.element.shape.match.parse({ kind, connectionId, region, domain }),
      from: { writes, dnsWrites: null, routes: null, sharePercent, warnings },
    }),
  );
const rules = fc.array(rule, { maxLength: 6 });
const facts = fc.record<ApprovalFacts>({
  targets: fc.array(target, { minLength: 1, maxLength: 4 }),
  writes: fc.nat(10),
  dnsWrites: fc.nat(3),
  routes: fc.nat(5),
  sharePercent: fc.nat(100),
  warnings: fc.nat(2),
  authors: fc.constant(['sari@example.com']),
});

const only = (change: Partial<ApprovalFacts>, match: Partial<ApprovalTarget> = {}): ApprovalFacts => ({
  targets: [
    {
      kind: 'tencent',
      connectionId: 'a',
      region: 'ap-jakarta',
      domain: 'shop.example.com',
      ...match,
    },
  ],
  writes: 4,
  dnsWrites: 1,
  routes: 2,
  sharePercent: 100,
  warnings: 0,
  authors: [],
  ...change,
});

describe('approval rules', () => {
  it('never ask for less because a plan also touches something else', () => {
    fc.assert(
      fc.property(rules, facts, target, (list, plan, more) => {
        const less = findRequirement(list, plan);
        const whole = findRequirement(list, { ...plan, targets: [...plan.targets, more] });
        expect(whole.needed).toBeGreaterThanOrEqual(less.needed);
        if (less.needed > 0 && !less.selfApproval) expect(whole.selfApproval).toBe(false);
        if (!less.breakGlass) expect(whole.breakGlass).toBe(false);
        expect(whole.expiresAfterH ?? 1e9).toBeLessThanOrEqual(less.expiresAfterH ?? 1e9);
        expect(whole.rehearsedWithinH ?? 1e9).toBeLessThanOrEqual(less.rehearsedWithinH ?? 1e9);
      }),
    );
  });

  it('ask for no more than what is shown before there is a plan', () => {
    fc.assert(
      fc.property(rules, facts, (list, plan) => {
        expect(findRequirement(list, plan).needed).toBeLessThanOrEqual(findMostApprovals(list, plan.targets));
      }),
    );
  });

  it('are in order: the first that matches an object decides it', () => {
    const none = testApprovalRule(0, {
      name: 'Tests',
      match: { ...testApprovalRule(0).match, domain: 'test.example.com' },
    });
    const all = testApprovalRule(2);
    expect(findRequirement([none, all], only({}, { domain: 'test.example.com' })).needed).toBe(0);
    expect(findRequirement([all, none], only({}, { domain: 'test.example.com' })).needed).toBe(2);
    expect(findRequirement([none, all], only({})).rules).toEqual([{ name: 'All', reached: [] }]);
    const both = [...only({}).targets, ...only({}, { domain: 'test.example.com' }).targets];
    expect(findRequirement([none, all], only({ targets: both })).needed).toBe(2);
  });

  it.each([
    ['writes', 5, { writes: 4 }, { writes: 5 }],
    ['dnsWrites', 2, { dnsWrites: 1 }, { dnsWrites: 2 }],
    ['routes', 3, { routes: 2 }, { routes: 3 }],
    ['sharePercent', 50, { sharePercent: 49 }, { sharePercent: 50 }],
    ['warnings', true, { warnings: 0 }, { warnings: 1 }],
  ] as const)(
    'decide from a threshold of %s on, and leave smaller plans to later rules',
    (name, value, less, enough) => {
      const large = testApprovalRule(2, {
        name: 'Large',
        from: { ...testApprovalRule(0).from, [name]: value },
      });
      const list = [large, testApprovalRule(1)];
      expect(findRequirement(list, only(less))).toMatchObject({ needed: 1, rules: [{ name: 'All' }] });
      expect(findRequirement(list, only(enough))).toMatchObject({
        needed: 2,
        rules: [{ name: 'Large', reached: [name] }],
      });
    },
  );

  it('take the strictest of all that decide', () => {
    const jakarta = { ...testApprovalRule(0).match, region: 'ap-jakarta' };
    const list = [
      testApprovalRule(1, { name: 'Jakarta', match: jakarta, expiresAfterH: 4, breakGlass: false }),
      testApprovalRule(2, { selfApproval: true, expiresAfterH: 24, rehearsedWithinH: 8 }),
    ];
    const targets = [...only({}).targets, ...only({}, { region: 'ap-singapore' }).targets];
    expect(findRequirement(list, only({ targets }))).toEqual({
      needed: 2,
      selfApproval: false,
      expiresAfterH: 4,
      rehearsedWithinH: 8,
      breakGlass: false,
      rules: [
        { name: 'Jakarta', reached: [] },
        { name: 'All', reached: [] },
      ],
    });
  });
});
