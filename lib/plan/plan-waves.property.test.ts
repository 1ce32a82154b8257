import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SwitchDiversion } from '@/lib/diversion/switch';
import { getHostName } from '@/lib/estate/look-up';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { listMovingTtls } from '@/testing/plan/moving-ttls';
import {
  anyOrder,
  buildPlan,
  oncePerObject,
  sharedSeed,
  situations,
} from '@/testing/plan/planned-situations';
import { testSwitch, testWaves } from '@/testing/plan/test-estate';
import { readAgain } from '@/testing/plan/test-read-again';
import { walkBack, walkThere } from '@/testing/plan/test-walk';
import { expectWanted } from '@/testing/plan/test-wanted';
import { sameStock } from '@/testing/simulation/cloud/same-stock';
import { createStock } from '@/testing/simulation/cloud/stock';
import { generateWaves } from '@/testing/simulation/generate-situation';
import { PlanSchema } from './export/plan-schema';
import { planHash } from './model/hash';
import { type Step, StepId, type WriteStep } from './model/model';

/* Properties of every plan whose names move in waves: each for the same 200. */

type Waves = ReturnType<typeof generateWaves>;

const situation = situations(generateWaves);
const planOnce = oncePerObject((given: Waves) => buildPlan(given));
/** Applies the whole plan, in the same order for all properties of a situation. */
const applyOnce = oncePerObject((given: Waves & { readonly seed: number }) =>
  walkThere(createStock(given.estate), planOnce(given), anyOrder(given.seed)),
);

const property = (holds: (given: Waves & { readonly seed: number }, order: number) => void, numRuns = 200) =>
  fc.assert(fc.property(situation, fc.integer({ min: 1, max: 1_000_000 }), holds), {
    numRuns,
    seed: sharedSeed,
  });

/** Returns the writes that move names, with their names. */
function listMoves(steps: readonly Step[]): readonly { readonly step: WriteStep; readonly name: string }[] {
  return steps.flatMap((step) =>
    step.kind === 'write' &&
    step.object.kind === 'recordSet' &&
    (step.phase === 'divert' || step.phase === 'rollback')
      ? [{ step, name: getHostName(step.object) }]
      : [],
  );
}

/** Returns all steps that a step waits for, directly or indirectly. */
function listAllNeeds(steps: readonly Step[], id: StepId): ReadonlySet<StepId> {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const found = new Set<StepId>();
  const open = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const need of byId.get(next)?.needs ?? [])
      if (!found.has(need)) {
        found.add(need);
        open.push(need);
      }
  return found;
}

describe('a plan with waves', () => {
  it('moves each name in its wave, after the previous wave has moved, been verified and baked', () => {
    property((given) => {
      const { steps } = planOnce(given);
      const waves = given.diversion.waves ?? [];
      const moves = listMoves(steps);
      for (const { step, name } of moves)
        expect(waves[(step.wave ?? 0) - 1]?.names, `${step.id} moves ${name}`).toContain(name);
      for (const { step } of moves) {
        const needs = listAllNeeds(steps, step.id);
        const earlier = steps.filter(
          ({ wave = Infinity, phase }) => phase === 'divert' && wave < (step.wave ?? 0),
        );
        expect([...needs]).toEqual(expect.arrayContaining(earlier.map(({ id }) => id)));
        const proven = earlier.flatMap((each) =>
          each.kind === 'probe' && each.probe.kind === 'http' ? [each.probe.host] : [],
        );
        const moved = moves.filter((each) => (each.step.wave ?? 0) < (step.wave ?? 0));
        expect(new Set(proven)).toEqual(new Set(moved.map((each) => each.name)));
      }
    });
  });

  it('verifies a wave after all of its names have moved', () => {
    property((given) => {
      const { steps } = planOnce(given);
      const moves = listMoves(steps);
      for (const step of steps) {
        if (step.kind !== 'probe' || step.phase === 'prewarm') continue;
        const own = moves.filter((move) => move.step.wave === step.wave);
        expect([...listAllNeeds(steps, step.id)]).toEqual(
          expect.arrayContaining(own.map((move) => move.step.id)),
        );
      }
    });
  });

  it('bakes once for each wave and each of its shares', () => {
    property((given) => {
      const { steps } = planOnce(given);
      const bakes = steps.filter((step) => step.kind === 'bake' && step.phase === 'divert');
      for (const [nth, { bakeS }] of (given.diversion.waves ?? []).entries()) {
        const own = bakes.filter(({ wave }) => wave === nth + 1);
        const isMoved = listMoves(steps).some(({ step }) => step.wave === nth + 1);
        const isFollowed = listMoves(steps).some(({ step }) => (step.wave ?? 0) > nth + 1);
        const ofWave = isMoved && isFollowed && bakeS > 0 ? 1 : 0;
        expect(own.length).toBeGreaterThanOrEqual(ofWave);
        expect(own.length).toBeLessThanOrEqual(ofWave + given.diversion.ramp.length - 1);
      }
    });
  });

  it('bakes a wave at least until the answers before its moves have expired', () => {
    property((given) => {
      const { steps } = planOnce(given);
      const bakes = steps.filter((step) => step.kind === 'bake' && step.phase === 'divert');
      for (const [nth, { bakeS }] of (given.diversion.waves ?? []).entries()) {
        const bake = bakes.findLast(({ wave }) => wave === nth + 1);
        const isFollowed = listMoves(steps).some(({ step }) => (step.wave ?? 0) > nth + 1);
        if (bake?.kind !== 'bake' || !isFollowed || bakeS === 0) continue;
        const own = listMoves(steps).filter(({ step }) => step.wave === nth + 1 && step.phase === 'divert');
        // The state before the first move of each record set.
        const firsts = own.filter(
          ({ step }) => own.find((each) => each.step.object === step.object)?.step === step,
        );
        const served = firsts.flatMap(({ step: { before } }) =>
          before.kind === 'recordSet'
            ? before.records.flatMap((each) => (each.enabled ? [each.ttlS] : []))
            : [],
        );
        expect(bake.oldTtlS).toBeGreaterThanOrEqual(Math.max(0, ...served));
      }
    });
  });

  it('serves no answer with more than the lower TTL while it moves a name', () => {
    property((given) => {
      const { lowerTtlS } = given.diversion;
      fc.pre(lowerTtlS !== null);
      expect(Math.max(0, ...listMovingTtls(planOnce(given)))).toBeLessThanOrEqual(lowerTtlS ?? 0);
    });
  });

  it('applies everything that the diversion requests, and then has nothing left to do', () => {
    property((given) => {
      const there = applyOnce(given);
      expectWanted({ estate: given.estate, stock: there.first }, there.stock, given.diversion);
      const again = buildPlan({ ...given, estate: readAgain(given.estate, there.stock) });
      expect(again.steps).toEqual([]);
    });
  });

  it('plans the rest from any point, and each of the two plans rolls back its own moves', () => {
    property((given, order) => {
      const plan = planOnce(given);
      const stock = createStock(given.estate);
      const writes = plan.steps.filter(({ kind }) => kind === 'write').length;
      const there = walkThere(stock, plan, anyOrder(order), order % (writes + 1));
      const rest = buildPlan({ ...given, estate: readAgain(given.estate, there.stock) });
      const waves = given.diversion.waves ?? [];
      for (const { step, name } of listMoves(rest.steps))
        expect(waves[(step.wave ?? 0) - 1]?.names, `${step.id} moves ${name}`).toContain(name);
      const after = walkThere(there.stock, rest, anyOrder(order + 1));
      expect(buildPlan({ ...given, estate: readAgain(given.estate, after.stock) }).steps).toEqual([]);
      const middle = walkBack(after, rest, anyOrder(order + 2));
      expect(sameStock(middle.stock, there.stock)).toBe(true);
      expect(sameStock(walkBack(there, plan, anyOrder(order + 3)).stock, stock)).toBe(true);
    });
  });

  it('rolls back to the original state from any point, the last wave first', () => {
    property((given, order) => {
      const plan = planOnce(given);
      const { first: stock } = applyOnce(given);
      const writes = plan.steps.filter(({ kind }) => kind === 'write').length;
      for (const cut of new Set([0, order % (writes + 1), writes])) {
        const there = cut === writes ? applyOnce(given) : walkThere(stock, plan, anyOrder(order), cut);
        const back = walkBack(there, plan, anyOrder(order + 1));
        expect(sameStock(back.stock, stock), `after ${cut} of ${writes}`).toBe(true);
        // A TTL that was restored is lowered first, at once for all waves: that moves no traffic.
        const moves = new Set(listMoves(plan.steps).map(({ step }) => step.id));
        const undone = new Map(
          listMoves(plan.rollback).flatMap(({ step: { id, undoes, wave = 0 } }) =>
            undoes !== null && moves.has(undoes) ? [[id, wave]] : [],
          ),
        );
        const waves = back.done.flatMap((id) => undone.get(id) ?? []);
        expect(waves).toEqual(waves.toSorted((a, b) => b - a));
      }
    });
  });

  it('verifies in the rollback that each name answers as before', () => {
    property((given) => {
      const { steps, rollback } = planOnce(given);
      const asked = rollback.flatMap((step) =>
        step.kind === 'probe' && step.probe.kind === 'dns' ? [step.probe.name] : [],
      );
      const answered = listMoves(steps).flatMap(({ step: { object, before }, name }) =>
        object.kind === 'recordSet' && object.lineId === '0' && before.kind === 'recordSet'
          ? [{ name, before }]
          : [],
      );
      const firsts = new Map(answered.toReversed().map(({ name, before }) => [name, before]));
      const named = [...firsts].flatMap(([name, before]) =>
        before.records.some(({ enabled }) => enabled) ? [name] : [],
      );
      expect(asked.toSorted()).toEqual(named.toSorted());
    });
  });

  it('keeps its waves in an exported file', () => {
    property((given) => {
      const plan = planOnce(given);
      expect(PlanSchema.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
    }, 50);
  });
});

it('plans a Switch of one name as without waves', async () => {
  const planned = createTestPlan({ diversion: testSwitch() });
  expect([...planned.steps, ...planned.rollback].filter((step) => 'wave' in step)).toEqual([]);
  expect(await planHash(planned)).toBe('affca832f49b5020644165b4427a9d8cd155cf7cd10b13701b416953146efe5e');
});

it('names only the nearest dependents in a rollback, so that a plan grows with its steps', () => {
  const ramp = Array.from({ length: 20 }, (_, at) => ({ percent: 5 * (at + 1), bakeS: 0 }));
  const { rollback } = createTestPlan({ diversion: { ...testSwitch(), ramp } });
  const back = rollback.filter((step) => step.kind === 'write' && step.phase === 'rollback');
  expect(back.length).toBeGreaterThanOrEqual(20);
  expect(Math.max(...back.map(({ needs }) => needs.length))).toBeLessThanOrEqual(2);
  // The first move is rolled back after all others.
  expect(listAllNeeds(rollback, back.at(-1)?.id ?? StepId.parse('r0')).size).toBe(back.length - 1);
});

describe('the waves of a Switch', () => {
  const [cvm, fn] = testSwitch().routes;
  const ofName = (domain: string) => [
    { ...cvm, domain },
    { ...fn, domain, rule: { kind: 'new', url: '/' } },
  ];
  const parse = (waves: readonly (readonly string[])[], names = [...new Set(waves.flat())]) =>
    SwitchDiversion.safeParse({
      ...testSwitch(),
      // A rule of each domain; only new ones can be named without an estate.
      routes: names.flatMap(ofName).map((route) => ({ ...route, rule: { kind: 'new', url: '/' } })),
      waves: waves.map((list) => ({ names: list, bakeS: 60 })),
    });
  const faults = (...given: Parameters<typeof parse>) =>
    parse(...given).error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`) ?? [];
  const many = (count: number) => Array.from({ length: count }, (_, nth) => `n${nth}.example.com`);

  it('accept names that all have both sides', () => {
    expect(faults([['a.example.com', 'b.example.com'], ['c.example.com']])).toEqual([]);
    expect(faults([many(50)])).toEqual([]);
  });

  it('refuse a duplicate name, in one wave or in two, at its place', () => {
    expect(faults([['a.example.com', 'b.example.com', 'a.example.com']])).toEqual([
      'waves.0.names.2 waves.twice',
    ]);
    expect(faults([['a.example.com', 'b.example.com'], ['b.example.com']])).toEqual([
      'waves.1.names.0 waves.twoWaves',
    ]);
  });

  it('refuse more names or waves than a person can review, a single name, and none', () => {
    expect(faults([many(30), many(60).slice(30)])).toContain('waves waves.tooManyNames');
    expect(faults(many(11).map((name) => [name]))).toContain('waves waves.tooMany');
    expect(faults([['a.example.com']])).toEqual(['waves waves.oneName']);
    expect(faults([[], many(2)])).toContain('waves.0.names waves.empty');
  });

  it('refuse more than 400 moves: names times steps of the ramp', () => {
    const ramp = Array.from({ length: 9 }, (_, at) => ({ percent: 10 * (at + 1), bakeS: 0 }));
    const input = { ...testWaves([many(50)]) };
    expect(SwitchDiversion.safeParse({ ...input, ramp: ramp.slice(1) }).success).toBe(true);
    expect(SwitchDiversion.safeParse({ ...input, ramp }).error?.issues).toMatchObject([
      { path: ['ramp'], message: 'ramp.tooManyMoves' },
    ]);
  });

  it('refuse a name without routes, and routes of a name that is in no wave', () => {
    expect(faults([many(2)], ['n0.example.com'])).toEqual(['waves.0.names.1 waves.noRoutes']);
    expect(faults([many(2)], many(3))).toEqual([
      'routes.4.domain waves.notListed',
      'routes.5.domain waves.notListed',
    ]);
  });
});
