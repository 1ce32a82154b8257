import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan, Step } from '@/lib/plan/model/model';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testEstate, testRecord, testSwitch } from '@/testing/plan/test-estate';
import { createRandom, type Random } from '@/testing/simulation/random';
import type { DnsAnswer, VantageReport } from './convergence';
import {
  addAnswers,
  compareDnsSplit,
  findDnsSplit,
  isSplitNow,
  listSharingAgents,
  listSplitNames,
  type SplitName,
} from './dns-split';
import type { Direction, RunEvent } from './model';
import { computeFigures } from './run-figures';

const start = Date.UTC(2026, 11, 12);
const at = (s: number) => new Date(start + s * 1000).toISOString();
const name = 'flash.example.co.id';
const [cvm, fn] = ['127.77.1.1', '127.77.1.2'];
const ttlS = 600;

function planned(ramp: readonly number[], toward: 'cvm' | 'function' = 'function'): Plan {
  const records = [testRecord(12, 'flash', toward === 'cvm' ? fn : cvm, { ttlS })];
  const estate = testEstate({ records });
  return createTestPlan({ estate, diversion: testSwitch({ ramp, toward }) });
}
const accepted = (step: Step, s: number, direction: Direction = 'apply'): RunEvent => ({
  type: 'accepted',
  stepId: step.id,
  requestId: 'r',
  taskId: null,
  direction,
  at: at(s),
});
/** The writes of each share of the ramp, in order. */
function listStages(plan: Plan): readonly (readonly Step[])[] {
  const stages: Step[][] = [[]];
  for (const step of plan.steps.filter(({ phase }) => phase === 'divert')) {
    if (step.kind === 'bake') stages.push([]);
    if (step.kind === 'write' && step.object.kind === 'recordSet') stages.at(-1)?.push(step);
  }
  return stages;
}
/** The names once these shares of a plan have been set, at these seconds. */
function namesAt(plan: Plan, seconds: readonly number[]): readonly SplitName[] {
  const events = seconds.flatMap((s, stage) =>
    (listStages(plan)[stage] ?? []).map((step) => accepted(step, s)),
  );
  return listSplitNames({ plan, events });
}
const answer = (s: number, value: string, left = ttlS, isAuthoritative = false): DnsAnswer => ({
  name,
  at: at(s),
  values: [value],
  ttlS: left,
  failure: null,
  isAuthoritative,
});
type Kept = Pick<VantageReport, 'dns' | 'counts'>;
const give = (names: readonly SplitName[], answers: readonly DnsAnswer[], from?: Kept): Kept =>
  answers.reduce<Kept>((kept, each) => addAnswers(kept, [each], names), from ?? { dns: [], counts: [] });
const report = (kept: Kept, address: string | null, of = address ?? 'agent'): VantageReport => ({
  kind: address === null ? 'agent' : 'resolver',
  name: of,
  address,
  at: at(0),
  http: [],
  ...kept,
});

describe('the shares of a name', () => {
  it('follow the weights of the ramp as each is accepted, and end with it', () => {
    const plan = planned([10, 50, 100]);
    const [first] = namesAt(plan, [0]);
    expect(first?.stages.at(-1)).toMatchObject({ intended: 0.1, atMs: start });
    const [whole] = namesAt(plan, [0, 1000, 2000]);
    const shares = whole?.stages.map(({ intended }) => intended) ?? [];
    expect(shares.filter((share) => share === 0.1 || share === 0.5 || share === 1)).toEqual([0.1, 0.5, 1]);
    expect([...(whole?.sides ?? [])]).toEqual(
      expect.arrayContaining([
        [cvm, 'cvm'],
        [fn, 'function'],
      ]),
    );
    expect([first, whole].map((each) => each && isSplitNow(each))).toEqual([true, false]);
  });

  it('are those of the function as well while traffic moves to the servers', () => {
    const [back] = namesAt(planned([30, 100], 'cvm'), [0]);
    expect(back?.stages.at(-1)?.intended).toBeCloseTo(0.7, 9);
    expect(back?.sides.get(fn)).toBe('function');
  });

  it('are none before the first write, and of a plan that is no Switch', () => {
    expect(namesAt(planned([10, 100]), [])).toEqual([]);
  });
});

describe('an answer', () => {
  const names = namesAt(planned([10, 50, 100]), [0]);

  it('of a cache counts once until it has expired, however often it is asked', () => {
    const asked = Array.from({ length: 60 }, (_, n) => answer(20 + n * 10, cvm, ttlS - n * 10));
    expect(give(names, asked).counts).toMatchObject([{ intended: 0.1, cvm: 1, function: 0 }]);
    const next = give(names, [answer(620, fn)], give(names, asked));
    expect(next.counts).toMatchObject([{ cvm: 1, function: 1, at: at(620) }]);
  });

  it('of an authoritative server counts each time', () => {
    const asked = [20, 30, 40].map((s) => answer(s, s === 40 ? fn : cvm, ttlS, true));
    expect(give(names, asked).counts).toMatchObject([{ cvm: 2, function: 1 }]);
  });

  it('that was cached before the share was set, or within the seconds after, does not count', () => {
    expect(give(names, [answer(60, cvm, ttlS - 61)]).counts).toEqual([]);
    expect(give(names, [answer(60, cvm, ttlS - 55)]).counts).toEqual([]);
    expect(give(names, [answer(60, cvm, ttlS - 40)]).counts).toMatchObject([{ cvm: 1 }]);
  });

  it('that was cached under the last share counts for that one', () => {
    const later = namesAt(planned([10, 50, 100]), [0, 300]);
    const kept = give(later, [answer(310, fn, ttlS - 200), answer(911, cvm)]);
    expect(kept.counts).toMatchObject([
      { intended: 0.1, function: 1, cvm: 0 },
      { intended: 0.5, function: 0, cvm: 1 },
    ]);
  });

  it('with more than the TTL, without one, of both sides or of another address does not count', () => {
    const both = { ...answer(60, cvm), values: [cvm, fn] };
    const without = { ...answer(60, cvm), ttlS: null };
    for (const each of [answer(60, cvm, ttlS + 1), without, both, answer(60, '192.0.2.1')])
      expect(give(names, [each]).counts).toEqual([]);
    // A cache that keeps it for longer gives the same answer until then.
    expect(give(names, [answer(60, cvm, 6000), answer(5500, cvm, 560)]).counts).toEqual([]);
  });

  it('counts no more often than its TTLs have passed since the first, in any order of questions', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 200 }), fc.boolean()), { minLength: 1, maxLength: 80 }),
        (asked) => {
          let [now, filled, value, fills] = [20, Number.NEGATIVE_INFINITY, cvm, 0];
          const answers = asked.map(([pause, isFunction]) => {
            now += pause;
            if (now - filled >= ttlS) [filled, value, fills] = [now, isFunction ? fn : cvm, fills + 1];
            return answer(now, value, ttlS - (now - filled));
          });
          const sum = give(names, answers).counts.reduce((all, each) => all + each.cvm + each.function, 0);
          return sum === fills;
        },
      ),
      // Asked in the last second of the first answer.
      { examples: [[[1, 115, 94, 64, 100, 33, 109, 25, 59].map((pause) => [pause, false])]] },
    );
  });
});

describe('answers of two sides with different TTLs', () => {
  const shortS = 60;
  const records = [
    testRecord(12, 'flash', cvm, { ttlS, enabled: false }),
    testRecord(13, 'flash', fn, { ttlS: shortS }),
  ];
  const made = createTestPlan({
    estate: testEstate({ records }),
    diversion: testSwitch({ ramp: [30, 100], toward: 'cvm' }),
  });
  const names = namesAt(made, [0]);

  /** Plays a resolver that is asked every 10 s for an hour from now on, and fills its caches by the weights. */
  function play(seed: number, caches: number, fromS: number) {
    const draws = createRandom(seed);
    const held = Array.from({ length: caches }, () => ({ untilS: 0, value: fn }));
    let kept: Kept = { dns: [], counts: [] };
    for (let s = 0; s < 3600; s += 10) {
      for (const cache of held) {
        if (cache.untilS > s) continue;
        cache.value = draws.chance(0.3) ? cvm : fn;
        cache.untilS = s + (cache.value === cvm ? ttlS : shortS);
      }
      const asked = draws.pick(held);
      if (s >= fromS) kept = addAnswers(kept, [answer(s, asked.value, asked.untilS - s)], names);
    }
    return kept;
  }
  const measure = (caches: number, fromS: number) =>
    findDnsSplit(
      Array.from({ length: 40 }, (_, n) => report(play(n + 1, caches, fromS), `192.0.2.${n}`)),
      names,
    );

  it('are as old as the TTL of their own record says', () => {
    expect(give(names, [answer(30, fn, shortS - 10), answer(90, cvm, ttlS - 10)]).counts).toMatchObject([
      { function: 1, cvm: 1 },
    ]);
    // Cached before the share was set: 25 s of its own TTL are over.
    expect(give(names, [answer(20, fn, shortS - 25)]).counts).toEqual([]);
  });

  it('are a sample of the weights, whether a resolver has one cache or many that others fill', () => {
    for (const split of [measure(1, 20), measure(8, 900)]) {
      expect(split?.n).toBeGreaterThan(100);
      expect(split?.share).toBeGreaterThan(0.6);
      expect(split?.share).toBeLessThan(0.8);
    }
  });
});

describe('agents with one private address of a resolver', () => {
  const names = namesAt(planned([50, 100]), [0]);
  const router = '192.168.1.1';

  /** Plays two agents that report every 15 s for ten hours; each asks the cache that is given for it. */
  function play(cacheOf: (agent: number) => { readonly phaseS: number; readonly draws: Random }) {
    const caches = [0, 1].map(cacheOf);
    const held = new Map<(typeof caches)[number], { untilS: number; value: string }>();
    let agents = caches.map((_, index) => ({
      ...report({ dns: [], counts: [] }, null),
      name: `office-${index}`,
      address: router,
    }));
    for (let s = 60; s < 36_000; s += 7.5) {
      const index = Math.floor(s / 7.5) % 2;
      const [cache, own] = [caches[index], agents[index]];
      if (cache === undefined || own === undefined) continue;
      const known = held.get(cache);
      const fresh =
        known !== undefined && known.untilS > s
          ? known
          : { untilS: s + ttlS, value: cache.draws.chance(0.5) ? fn : cvm };
      held.set(cache, known === undefined ? { ...fresh, untilS: fresh.untilS - cache.phaseS } : fresh);
      const left = Math.floor((held.get(cache)?.untilS ?? s) - s);
      const asked = [answer(s + cache.draws.next(), fresh.value, left)];
      const added = addAnswers(own, asked, names, listSharingAgents(agents, own));
      agents = agents.map((each, nth) => (nth === index ? { ...each, ...added } : each));
    }
    return findDnsSplit(agents, names)?.n ?? 0;
  }

  it('count each answer of one cache once, and those of two caches each', () => {
    const shared = { phaseS: 0, draws: createRandom(1) };
    const generations = Math.floor(36_000 / ttlS);
    expect(Math.abs(play(() => shared) - generations)).toBeLessThanOrEqual(2);
    const apart = play((agent) => ({ phaseS: agent * 200, draws: createRandom(agent + 2) }));
    expect(apart).toBeGreaterThan(1.8 * generations);
  });

  it('are others than those with a public address, or without one', () => {
    const agents = [router, router, '8.8.8.8', '8.8.8.8', null].map((address, index) => ({
      name: `a${index}`,
      address,
    }));
    const listed = agents.map((each) => listSharingAgents(agents, each).map(({ name: of }) => of));
    expect(listed).toEqual([['a1'], ['a0'], [], [], []]);
  });
});

describe('the test of the answers', () => {
  const names = namesAt(planned([10, 50, 100]), [0, 100]);
  const many = (s: number, functions: number, all: number) =>
    give(
      names,
      Array.from({ length: all }, (_, n) => answer(s + n, n < functions ? fn : cvm, ttlS, true)),
    );

  it('adds those of different resolvers, and takes one of the vantage points that share a resolver', () => {
    const split = findDnsSplit(
      [
        report(many(200, 5, 10), '192.0.2.1'),
        report(many(200, 2, 4), '192.0.2.1', 'twin'),
        report(many(300, 7, 10), null),
      ],
      names,
    );
    expect(split).toMatchObject({ n: 20, share: 0.6, intended: 0.5, resolvers: 2, at: at(309) });
    expect(split?.low).toBeLessThan(0.5);
    expect(split?.high).toBeGreaterThan(0.6);
  });

  it('takes one private address in two networks as two resolvers, and a public one as one', () => {
    const agents = (address: string) =>
      ['jakarta-office', 'bandung-office'].map((of) => ({
        ...report(many(200, 5, 10), address, of),
        kind: 'agent' as const,
      }));
    for (const router of ['192.168.1.1', '10.0.0.2', '127.0.0.53', '[fd00::1]:53', '192.168.1.1:5353'])
      expect(findDnsSplit(agents(router), names)).toMatchObject({ n: 20, resolvers: 2 });
    for (const everywhere of ['8.8.8.8', '8.8.8.8:53', '[2001:4860:4860::8888]:53'])
      expect(findDnsSplit(agents(everywhere), names)).toMatchObject({ n: 10, resolvers: 1 });
    const worker = ['own', 'resolver'].map((kind) => ({
      ...report(many(200, 5, 10), '192.168.1.1', kind),
      kind: kind as 'own' | 'resolver',
    }));
    expect(findDnsSplit(worker, names), 'the worker has one network').toMatchObject({ n: 10, resolvers: 1 });
  });

  it('finds a split that is not as planned', () => {
    const split = compareDnsSplit([report(many(200, 90, 100), '192.0.2.1')], names);
    expect(split?.pValue).toBeLessThan(0.001);
    expect(split?.low).toBeGreaterThan(0.5);
  });

  it('keeps the last share that was split on the page, and says nothing to guards after it', () => {
    const over = namesAt(planned([10, 50, 100]), [0, 100, 900]);
    const reports = [report(many(200, 5, 10), '192.0.2.1')];
    expect(findDnsSplit(reports, over)).toMatchObject({ intended: 0.5, n: 10 });
    expect(compareDnsSplit(reports, over)).toBeNull();
    expect(findDnsSplit([], over)).toBeNull();
  });

  it('is the deviation of guards while no requests are measured', () => {
    const reports = [report(many(200, 90, 100), '192.0.2.1')];
    const facts = {
      names: [],
      reports,
      shares: [],
      settleS: 0,
      ownPerMinute: 0,
      split: names,
      now: new Date(start + 400_000),
    };
    const deviation = (traffic: Parameters<typeof computeFigures>[0]['traffic']) =>
      computeFigures({ ...facts, shares: [{ at: at(100), functionShare: 50 }], traffic }).measures
        .splitDeviation;
    expect(deviation(null)).toBeCloseTo(40, 6);
    expect(deviation({ at: at(390), cvm: 50, function: 50, errorRate: 0, lagMs: 0, functions: [] })).toBe(0);
  });
});
