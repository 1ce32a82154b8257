import { describe, expect, it } from 'vitest';
import type { Diversion } from '@/lib/diversion/diversion';
import type { FunctionChange } from '@/lib/estate/functions/function-change';
import { noRule } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import { ObjectRef } from '@/lib/estate/object';
import { invariant } from '@/lib/invariant';
import { anticipate } from '@/lib/plan/model/anticipate';
import type { WriteStep } from '@/lib/plan/model/model';
import { buildPlan } from '@/testing/plan/planned-situations';
import {
  testBound,
  testEstate,
  testFunction,
  testListener,
  testRecord,
  testRule,
  testSplit,
  testSwitch,
  testTarget,
  testWaves,
} from '@/testing/plan/test-estate';
import { judgeChange, judgeFunctionChange } from './judge-change';
import type { JudgedChange, SafetyFacts } from './safety-facts';
import { type GateState, SafetyRule } from './safety-rule';

const flash = 'flash.example.co.id';
const day = '2026-12-11';

/** Returns the facts of one rule, where nothing else matters. */
function factsOf(
  rule: object,
  facts: Partial<SafetyFacts> & { readonly gate?: GateState | null } = {},
): SafetyFacts {
  const { gate = null, ...rest } = facts;
  const parsed = SafetyRule.parse({ name: 'rule', match: { domains: [] }, ...rule });
  return {
    rules: [{ id: 1, rule: parsed, gate }],
    freezes: [],
    isPaused: false,
    otherRuns: [],
    approvals: 0,
    pastWrites: [],
    isFailover: false,
    ...rest,
  };
}

function changeOf(
  diversion: Diversion = testSwitch(),
  {
    estate = testEstate(),
    ...change
  }: Partial<Omit<JudgedChange, 'estate'>> & { readonly estate?: Estate } = {},
): JudgedChange {
  const plan = buildPlan({ estate, diversion });
  return {
    plan,
    estate: anticipate(estate, diversion).estate,
    writes: plan.steps.filter((step): step is WriteStep => step.kind === 'write'),
    before: [],
    at: Date.parse(`${day}T10:00:00Z`),
    times: null,
    ...change,
  };
}

/** Returns the reasons of the violations. */
const judge = (change: JudgedChange, facts: SafetyFacts) => judgeChange(change, facts).map(({ why }) => why);

const assertion = (requirement: object, more: object = {}) => ({
  kind: 'assertion',
  match: { domains: [flash] },
  sides: 'either',
  over: 'eachDomain',
  requirement,
  ...more,
});
const atLeastOne = assertion({ kind: 'atLeast', count: 1 });

/** An estate whose flash domain is on the function, without a target on the other side. */
const onFunction = testEstate({
  records: [testRecord(12, 'flash', '127.77.1.2')],
  rules: [
    testRule('loc-flash', 'lb-cvm', flash, { targets: [testTarget({ health: 'dead' })] }),
    testRule('loc-b', 'lb-scf', flash, { functions: [testBound] }),
  ],
});

describe('an assertion', () => {
  it('allows a move to a side that serves', () => {
    expect(judge(changeOf(), factsOf(atLeastOne))).toEqual([]);
  });

  it('refuses a move to a side whose targets are all unhealthy', () => {
    const change = changeOf(testSwitch({ toward: 'cvm' }), { estate: onFunction });
    expect(judgeChange(change, factsOf(atLeastOne))).toEqual([
      {
        ruleId: 1,
        rule: 'rule',
        why: 'atLeast',
        object: flash,
        values: { serving: 0, all: 2, count: 1, sides: 'either' },
        may: 'administrator',
        isMomentary: false,
      },
    ]);
  });

  it.each<[string, object, readonly string[]]>([
    ['other.example.co.id', { isDefault: true }, ['atLeast']],
    ['*.example.co.id', {}, []],
    [flash, {}, []],
  ])('counts a side where %s answers as the site that it is', (domain, change, refused) => {
    const alive = { targets: [testTarget()], ...change };
    const estate = testEstate({
      records: [testRecord(12, 'flash', '127.77.1.2')],
      rules: [
        testRule('loc-flash', 'lb-cvm', flash, { targets: [testTarget({ health: 'dead' })] }),
        testRule('loc-b', 'lb-scf', flash, { functions: [testBound] }),
        testRule('loc-other', 'lb-cvm', domain, { listenerId: 'lbl-other', ...alive }),
      ],
      listeners: [
        testListener('lb-cvm'),
        testListener('lb-scf'),
        testListener('lb-cvm', { id: 'lbl-other', port: 8080 }),
      ],
    });
    const given = changeOf(testSwitch({ toward: 'cvm' }), { estate });
    expect(judge(given, factsOf(atLeastOne))).toEqual(refused);
  });

  it('refuses a move to a function that does not exist', () => {
    const estate = testEstate({ functions: [] });
    expect(judge(changeOf(testSwitch(), { estate }), factsOf(atLeastOne))).toEqual(['atLeast']);
  });

  it('names a side, such as the servers', () => {
    const servers = assertion({ kind: 'all' }, { sides: 'cvm' });
    expect(judge(changeOf(), factsOf(servers))).toEqual(['all']);
  });

  it('allows a change that leaves what is violated already, or repairs it', () => {
    const broken = testEstate({
      rules: [
        testRule('loc-shop', 'lb-cvm', 'shop.example.co.id', { targets: [testTarget()] }),
        testRule('loc-flash', 'lb-cvm', flash, { targets: [testTarget({ health: 'dead' })] }),
      ],
    });
    expect(judge(changeOf(testSwitch(), { estate: broken }), factsOf(atLeastOne))).toEqual([]);
  });

  it('judges a maximum only once all writes are in effect', () => {
    const one = assertion({ kind: 'atMost', count: 1 });
    expect(judge(changeOf(testSwitch({ ramp: [50, 100] })), factsOf(one))).toEqual([]);
    expect(judge(changeOf(testSwitch({ ramp: [50] })), factsOf(one))).toEqual(['atMost']);
  });

  it('lets domains move only together', () => {
    const both = assertion(
      { kind: 'allOrNone' },
      { match: { domains: [flash, 'shop.example.co.id'] }, sides: 'function', over: 'allDomains' },
    );
    expect(judge(changeOf(), factsOf(both))).toEqual(['allOrNone']);
    const together = assertion({ kind: 'allOrNone' }, { sides: 'function', over: 'allDomains' });
    expect(judge(changeOf(), factsOf(together))).toEqual([]);
  });

  it('counts the domains of a pattern each on their own', () => {
    const every = assertion({ kind: 'atLeast', count: 1 }, { match: { domains: ['*.example.co.id'] } });
    const change = changeOf(testSwitch({ toward: 'cvm' }), { estate: onFunction });
    expect(judgeChange(change, factsOf(every)).map(({ object }) => object)).toEqual([flash]);
  });

  it('reads each rule of an estate once, and compares patterns only with names that the plan touches', () => {
    const numbers = Array.from({ length: 500 }, (_, n) => n);
    const base = testEstate();
    const others = testEstate({
      records: numbers.map((n) => testRecord(1000 + n, `other-${n}`, '127.77.1.1')),
      rules: numbers.map((n) => testRule(`loc-${n}`, 'lb-cvm', `other-${n}.example.co.id`, {})),
    });
    const records = [...base.records, ...others.records];
    const change = changeOf(testSwitch(), { estate: { ...base, records } });
    let ruleReads = 0;
    const rules = others.rules.map((rule) => ({
      ...rule,
      get listenerId() {
        ruleReads += 1;
        return rule.listenerId;
      },
    }));
    const facts = factsOf(
      assertion({ kind: 'atLeast', count: 1 }, { match: { domains: ['*.example.co.id'] } }),
    );
    const [stored] = facts.rules;
    invariant(stored?.rule.kind === 'assertion', 'it is the given rule');
    let compared = 0;
    const { match } = stored.rule;
    const counted = {
      ...match,
      get domains() {
        compared += 1;
        return match.domains;
      },
    };
    const all = Array.from({ length: 20 }, () => ({ ...stored, rule: { ...stored.rule, match: counted } }));
    const estate = { ...change.estate, rules: [...change.estate.rules, ...rules] };
    expect(judge({ ...change, estate }, { ...facts, rules: all as typeof facts.rules })).toEqual([]);
    expect(ruleReads).toBe(rules.length);
    expect(compared).toBeLessThan(20 * 100);
  });

  it('counts the sides of a name once for each write to it, however many rules there are', () => {
    const estate = testEstate();
    let read = 0;
    const listeners = estate.listeners.map((listener) => ({
      ...listener,
      get stopped() {
        read += 1;
        return listener.stopped;
      },
    }));
    const change = changeOf(testSwitch({ ramp: [20, 50, 100] }));
    const rule = assertion({ kind: 'all' }, { match: { domains: ['*.example.co.id'] }, over: 'allDomains' });
    const countReads = (rules: number) => {
      read = 0;
      const facts = factsOf(rule);
      const all = facts.rules.flatMap((stored) => Array.from({ length: rules }, () => stored));
      judgeChange({ ...change, estate: { ...change.estate, listeners } }, { ...facts, rules: all });
      return read;
    };
    const rules = change.writes.filter(({ object }) => object.kind === 'rule').length;
    // Both names before the change, and the one that moves after each write of a rule, behind two load balancers.
    expect(countReads(1)).toBeLessThanOrEqual(2 + 2 * (rules + 1));
    expect(countReads(50)).toBe(countReads(1));
  });

  it('counts a name that an expression may take after a write to its rule', () => {
    const domains = ['a.example.co.id', '~^flash'];
    const estate = testEstate({
      rules: [testRule('loc-a', 'lb-cvm', 'a.example.co.id', { targets: [testTarget()], domains })],
    });
    const change = changeOf();
    const written = change.writes.flatMap(({ object, ...step }) =>
      object.kind === 'rule' ? [{ ...step, object }] : [],
    );
    const writes = written.slice(0, 1).map((step): WriteStep => {
      const [loadBalancerId, listenerId] = ['lb-cvm', 'lbl-lb-cvm'] as const;
      const object = { ...step.object, loadBalancerId, listenerId, domain: 'a.example.co.id' };
      return { ...step, object: ObjectRef.parse(object), after: noRule };
    });
    const all = factsOf({ ...atLeastOne, match: { domains: ['*.example.co.id'] } });
    expect(judgeChange({ ...change, estate, writes }, all).map(({ object }) => object)).toEqual([
      flash,
      'shop.example.co.id',
    ]);
  });

  it('judges one write on the state that the writes before it have left', () => {
    const change = changeOf(testSwitch({ toward: 'cvm' }), { estate: onFunction });
    const refused = change.writes.filter(
      (step, index) =>
        judge({ ...change, writes: [step], before: change.writes.slice(0, index) }, factsOf(atLeastOne))
          .length > 0,
    );
    expect(refused.map(({ object }) => object.kind)).toEqual(['recordSet']);
  });
});

describe('a gating rule', () => {
  const gate = { kind: 'gating', condition: 'gate', switchedBy: 'operator' };
  const state = { by: 'sari', reason: 'night', at: `${day}T09:00:00Z` };

  it('refuses while its gate is off, which a new one is', () => {
    expect(judge(changeOf(), factsOf(gate, { gate: { ...state, isOn: true } }))).toEqual([]);
    expect(judge(changeOf(), factsOf(gate, { gate: { ...state, isOn: false } }))).toEqual(['gate']);
    expect(judgeChange(changeOf(), factsOf(gate))).toMatchObject([
      { why: 'gate', may: 'operator', isMomentary: true },
    ]);
  });

  it('refuses during a change freeze, at the time of the writes', () => {
    const rule = { kind: 'gating', condition: 'noChangeFreeze' };
    const span = { kind: 'once', from: `${day}T11:00:00Z`, to: `${day}T12:00:00Z` } as const;
    const facts = factsOf(rule, { freezes: [{ name: 'sale', span }] });
    const at = Date.parse(`${day}T11:30:00Z`);
    expect(judge(changeOf(), facts)).toEqual([]);
    expect(judge(changeOf(testSwitch(), { at }), facts)).toEqual(['noChangeFreeze']);
    expect(judge(changeOf(testSwitch(), { times: [{ from: at, to: at }] }), facts)).toEqual([
      'noChangeFreeze',
    ]);
  });

  it('refuses while all changes are paused', () => {
    const rule = { kind: 'gating', condition: 'notPaused' };
    expect(judge(changeOf(), factsOf(rule, { isPaused: true }))).toEqual(['notPaused']);
    expect(judge(changeOf(), factsOf(rule))).toEqual([]);
  });

  it('refuses while another run changes the connection', () => {
    const rule = { kind: 'gating', condition: 'noOtherRun' };
    const run = (id: string) => ({ id: 'R-0007', connectionIds: [id] });
    expect(judge(changeOf(), factsOf(rule, { otherRuns: [run('test')] }))).toEqual(['noOtherRun']);
    expect(judge(changeOf(), factsOf(rule, { otherRuns: [run('other')] }))).toEqual([]);
  });
});

describe('a threshold', () => {
  const writes = changeOf(testSplit()).writes.length;
  const bulk = (unit: string, max: number, more: object = {}) => ({ kind: 'bulk', unit, max, ...more });

  it.each([
    ['writes', writes, writes - 1],
    ['routesPercent', 100, 99],
  ] as const)('limits %s of a plan', (unit, enough, few) => {
    expect(judge(changeOf(testSplit()), factsOf(bulk(unit, enough)))).toEqual([]);
    expect(judge(changeOf(testSplit()), factsOf(bulk(unit, few)))).toEqual([unit]);
  });

  it('limits the domains of a plan', () => {
    const names = testWaves([['shop.example.co.id', flash]]);
    expect(judge(changeOf(names), factsOf(bulk('domains', 2)))).toEqual([]);
    expect(judge(changeOf(names), factsOf(bulk('domains', 1)))).toEqual(['domains']);
  });

  it('counts the plan when one of its writes is judged', () => {
    const change = changeOf(testSplit());
    const facts = factsOf(bulk('writes', writes - 1));
    expect(judge({ ...change, writes: change.writes.slice(0, 1) }, facts)).toEqual(['writes']);
  });

  it('counts the writes of other plans within its time', () => {
    const change = changeOf(testSplit());
    const [step] = change.writes as readonly [WriteStep, ...WriteStep[]];
    const past = (at: string) => ({ at, connectionId: 'test', diversion: testSplit(), step });
    const rule = bulk('writes', writes, { windowMinutes: 60 });
    expect(judge(change, factsOf(rule, { pastWrites: [past(`${day}T08:59:00Z`)] }))).toEqual([]);
    expect(judgeChange(change, factsOf(rule, { pastWrites: [past(`${day}T09:30:00Z`)] }))).toMatchObject([
      { why: 'writes', isMomentary: true, values: { count: writes + 1, max: writes, minutes: 60 } },
    ]);
    expect(judge(change, factsOf(bulk('writes', writes - 1, { windowMinutes: 60 })))).toEqual(['writes']);
  });

  it('does not apply to a failover', () => {
    expect(judge(changeOf(testSplit()), factsOf(bulk('writes', 1), { isFailover: true }))).toEqual([]);
  });
});

describe('a protected domain', () => {
  const rule = (approvals: number | null) => ({
    kind: 'protected',
    match: { domains: ['flash.*'] },
    approvals,
  });

  it('is never written to', () => {
    expect(judgeChange(changeOf(), factsOf(rule(null), { approvals: 5 }))).toMatchObject([
      { why: 'never', object: flash, isMomentary: false },
    ]);
  });

  it('is written to by a plan with enough approvals', () => {
    expect(judgeChange(changeOf(), factsOf(rule(2), { approvals: 1 }))).toMatchObject([
      { why: 'approvals', object: flash, isMomentary: true, values: { given: 1, needed: 2 } },
    ]);
    expect(judge(changeOf(), factsOf(rule(2), { approvals: 2 }))).toEqual([]);
  });

  it.each([
    ['*.example.co.id', flash],
    ['*.example.co.id', 'flash.*'],
    ['~^(flash|sale)\\.example', flash],
  ])('is protected from a rule of %s, which may take its names, too', (domain, pattern) => {
    const change = changeOf();
    const writes = change.writes.map(
      (step): WriteStep =>
        step.object.kind === 'rule' ? { ...step, object: { ...step.object, domain } } : step,
    );
    const wild = writes.filter(({ object }) => object.kind === 'rule').slice(0, 1);
    expect(
      judge({ ...change, writes: wild }, factsOf({ ...rule(null), match: { domains: [pattern] } })),
    ).toEqual(['never']);
  });
});

describe('allowed hours', () => {
  const night = { kind: 'daily', fromMinute: 60, toMinute: 240, zone: 'Europe/Berlin' };
  const rule = { kind: 'hours', windows: [night] };
  const time = (at: string) => ({ from: Date.parse(at), to: Date.parse(at) });

  it.each([
    ['2026-10-24T23:30:00Z', []],
    // The clocks go back at 01:00 UTC: 02:30 comes twice, and 04:00 an hour later.
    ['2026-10-25T00:30:00Z', []],
    ['2026-10-25T01:30:00Z', []],
    ['2026-10-25T02:59:00Z', []],
    ['2026-10-25T03:00:00Z', ['hours']],
    // They go forward at 01:00 UTC.
    ['2026-03-29T01:59:00Z', []],
    ['2026-03-29T02:00:00Z', ['hours']],
  ])('at %s: %s', (at, whys) => {
    expect(judge(changeOf(testSwitch(), { times: [time(at)] }), factsOf(rule))).toEqual(whys);
  });

  it('may be met by two times that join', () => {
    const windows = [night, { ...night, fromMinute: 240, toMinute: 300 }];
    const times = [{ from: Date.parse('2026-12-11T02:00:00Z'), to: Date.parse('2026-12-11T03:30:00Z') }];
    const change = changeOf(testSwitch(), { times });
    expect(judge(change, factsOf(rule))).toEqual(['hours']);
    expect(judge(change, factsOf({ ...rule, windows }))).toEqual([]);
  });

  it('are a matter of the start while the plan has no schedule', () => {
    expect(judgeChange(changeOf(), factsOf(rule))).toMatchObject([{ why: 'hours', isMomentary: true }]);
    const times = [time(`${day}T10:00:00Z`)];
    expect(judgeChange(changeOf(testSwitch(), { times }), factsOf(rule))).toMatchObject([
      { isMomentary: false },
    ]);
  });
});

describe('what a rule applies to', () => {
  const never = (match: object) => ({
    kind: 'protected',
    approvals: null,
    match: { domains: ['*'], ...match },
  });

  it.each([
    [{ connectionIds: ['test'] }, 1],
    [{ connectionIds: ['other'] }, 0],
    [{ regions: ['ap-singapore'] }, 1],
    [{ regions: ['ap-jakarta'] }, 0],
    [{ domains: ['flash.example.co.id'] }, 1],
    [{ domains: ['shop.example.co.id'] }, 0],
  ])('%j', (match, count) => {
    expect(judge(changeOf(), factsOf(never(match)))).toHaveLength(count);
  });

  it('is nothing while the rule is disabled', () => {
    expect(judge(changeOf(), factsOf({ ...never({}), isEnabled: false }))).toEqual([]);
  });
});

describe('a change of a function outside of plans', () => {
  const id = { region: 'ap-singapore', namespace: 'flash', name: 'storefront' };
  const live = { name: 'live', version: '1', additional: null };
  /** The function serves the domain alone, by these qualifiers. */
  const served = (...qualifiers: readonly string[]) =>
    testEstate({
      records: [testRecord(12, 'flash', '127.77.1.2')],
      functions: [testFunction({ aliases: [live], versions: ['$LATEST', '2', '1'] })],
      rules: qualifiers.map((qualifier, n) =>
        testRule(`loc-${n}`, 'lb-scf', flash, { url: `/${n}`, functions: [{ ...testBound, qualifier }] }),
      ),
    });
  const judgeFunction = (change: FunctionChange | null, estate: Estate | null, rule: object) =>
    judgeFunctionChange(
      { connectionId: 'test', id, change, estate, at: Date.parse(`${day}T10:00:00Z`) },
      factsOf(rule),
    ).map(({ why }) => why);
  const serves = assertion({ kind: 'atLeast', count: 1 });
  const deleteFunction: FunctionChange = { kind: 'delete' };
  const deleteVersion: FunctionChange = { kind: 'deleteVersion', version: '1' };
  const deleteAlias: FunctionChange = {
    kind: 'deleteAlias',
    alias: 'live',
    before: { version: '1', additional: null },
  };
  const toGone: FunctionChange = {
    kind: 'setAlias',
    alias: 'live',
    before: null,
    after: { version: '9', additional: null },
  };
  const warm: FunctionChange = { kind: 'setProvisioned', version: '1', before: 5, after: 0 };

  it.each([
    ['deletes it', deleteFunction, ['live'], ['atLeast']],
    ['deletes its version', deleteVersion, ['1'], ['atLeast']],
    ['deletes the version of its alias', deleteVersion, ['live'], ['atLeast']],
    ['deletes its alias', deleteAlias, ['live'], ['atLeast']],
    ['moves its alias to a version that does not exist', toGone, ['live'], ['atLeast']],
    ['moves an alias that nothing calls', toGone, ['1'], []],
    ['leaves another rule of the domain', deleteAlias, ['live', '1'], []],
    ['sets its warm instances', warm, ['1'], []],
    ['publishes a version', { kind: 'publish', description: '' }, ['live'], []],
    ['deploys it', null, ['live'], []],
  ] satisfies readonly [string, FunctionChange | null, string[], string[]][])(
    'that %s is judged on whether the domain is still served',
    (_, change, qualifiers, expected) => {
      expect(judgeFunction(change, served(...qualifiers), serves)).toEqual(expected);
    },
  );

  it('is allowed where the domain was not served anyway', () => {
    expect(judgeFunction(deleteFunction, { ...served('live'), records: [] }, serves)).toEqual([]);
  });

  it('is refused by the rules of the domains whose calls it affects, and of all domains', () => {
    const never = { kind: 'protected', match: { domains: ['flash.*'] }, approvals: null };
    const gate = { kind: 'gating', match: {}, condition: 'gate' };
    for (const change of [deleteVersion, warm, null, deleteFunction])
      expect(judgeFunction(change, served('live'), never), change?.kind ?? 'deploy').toEqual(['never']);
    const affectsNone: FunctionChange = { kind: 'publish', description: '' };
    expect(judgeFunction(affectsNone, served('live'), never)).toEqual([]);
    expect(judgeFunction(affectsNone, served('live'), gate)).toEqual(['gate']);
    expect(judgeFunction(null, null, gate), 'before the first sync').toEqual(['gate']);
    expect(judgeFunction(null, served('live'), { ...gate, match: { regions: ['ap-jakarta'] } })).toEqual([]);
    expect(judgeFunction(null, served('live'), { kind: 'bulk', unit: 'writes', max: 1, match: {} })).toEqual(
      [],
    );
  });
});
