import { afterEach, expect, it, vi } from 'vitest';
import { toDraft } from '@/lib/diversion/to-draft';
import { answerDraft } from '@/lib/draft/answers/answer-draft';
import { readPlanFile, writePlanFile } from '@/lib/plan/export/plan-file';
import { tccliScript } from '@/lib/plan/export/tccli/tccli-script';
import { planHash } from '@/lib/plan/model/hash';
import { noConditions } from '@/lib/preflight/model/conditions';
import { checkIds } from '@/lib/preflight/model/model';
import { preflight, preflightInTurns } from '@/lib/preflight/preflight';
import { judgePlan } from '@/lib/safety/judge-change';
import type { SafetyFacts } from '@/lib/safety/safety-facts';
import { SafetyRule } from '@/lib/safety/safety-rule';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testEstate, testSplit } from '@/testing/plan/test-estate';

const window = { kind: 'daily', fromMinute: 0, toMinute: 60, zone: 'UTC' };
const ruleNames = ['a', 'b', 'c'];
const facts: SafetyFacts = {
  rules: ruleNames.map((name, id) => ({
    id,
    rule: SafetyRule.parse({ kind: 'hours', name, match: { domains: [] }, windows: [window] }),
    gate: null,
  })),
  freezes: [],
  isPaused: false,
  otherRuns: [],
  approvals: 0,
  pastWrites: [],
  isFailover: false,
};
const times = [{ from: Date.parse('2026-12-11T10:00:00Z'), to: Date.parse('2026-12-11T10:05:00Z') }];

/** Does work of which every part takes longer than a turn, and counts how often other work continues. */
async function countTurns(work: () => Promise<unknown>): Promise<number> {
  let [now, turns, isDone] = [0, 0, false];
  vi.spyOn(performance, 'now').mockImplementation(() => {
    now += 100;
    return now;
  });
  const others = () => {
    turns += 1;
    if (!isDone) setImmediate(others);
  };
  setImmediate(others);
  await work();
  isDone = true;
  return turns;
}

afterEach(() => {
  vi.restoreAllMocks();
});

it('runs each check in its own turn, and finds what preflight finds', async () => {
  const given = { estate: testEstate(), diversion: testSplit() };
  let found: unknown;
  const turns = await countTurns(async () => {
    found = await preflightInTurns(given);
  });
  expect(turns).toBeGreaterThanOrEqual(checkIds.length - 1);
  expect(found).toEqual(preflight(given));
});

it('reads and writes each step of a plan in its own turn', async () => {
  const plan = createTestPlan({ estate: testEstate() });
  const file = writePlanFile(plan, await planHash(plan));
  const steps = plan.steps.length + plan.rollback.length;
  expect(await countTurns(() => readPlanFile(file))).toBeGreaterThanOrEqual(steps);
  const head = { title: '', hash: '', takenAt: '', accountUin: null, findings: [] };
  const write = () => tccliScript({ head, plan, way: 'steps', words: ({ id }) => id });
  expect(await countTurns(write)).toBeGreaterThanOrEqual(plan.steps.length);
});

it('checks a draft in turns, at first and after each of its fixes', async () => {
  const basis = { estate: testEstate(), keepAliveS: 75 };
  const draft = toDraft(testSplit());
  const fix = { field: '', why: '', patch: { field: 'ramp', value: '' } } as const;
  const countFixing = (count: number) => {
    const changes = [{ kind: 'fixAll' as const, fixes: Array.from({ length: count }, () => fix) }];
    return countTurns(() => answerDraft(basis, { draft, changes }, String));
  };
  const checks = checkIds.length - 1;
  const first = await countFixing(0);
  expect(first).toBeGreaterThanOrEqual(checks);
  expect(await countFixing(3)).toBeGreaterThanOrEqual(first + 3 * checks);
});

it('judges each safety rule in its own turn, in a preflight and of a plan', async () => {
  const estate = testEstate();
  const plan = createTestPlan({ estate });
  const withRules = { ...noConditions(estate), safety: { facts, t0: null, isStart: false } };
  const given = { estate, diversion: testSplit() };
  const without = await countTurns(() => preflightInTurns(given));
  const within = await countTurns(() => preflightInTurns({ ...given, conditions: withRules }));
  expect(within).toBeGreaterThanOrEqual(without + ruleNames.length);
  let broken: unknown;
  const turns = await countTurns(async () => {
    broken = await judgePlan({ plan, estate, at: times[0]?.from ?? 0, times }, facts);
  });
  expect(turns).toBeGreaterThanOrEqual(ruleNames.length);
  expect(broken).toMatchObject(ruleNames.map((rule) => ({ rule, why: 'hours' })));
});
