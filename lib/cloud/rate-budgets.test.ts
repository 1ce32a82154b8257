import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { grantShare, type Holder } from '@/lib/worker/connections/rate-ledger';
import { RateBudgets, type RateLedger, realSleep } from './rate-budgets';
import type { Rank } from './rate-limiter';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_700_000_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

const secretId = 'AKIDtest';
const perSecond = 20;

/** The ledger's rules under virtual time; the real one is tested beside it. */
function testLedger() {
  const leases = new Map<string, { readonly holder: Holder; readonly untilMs: number }>();
  let isAway = false;
  let answers = 0;
  return {
    answers: () => answers,
    setAway(value: boolean) {
      isAway = value;
    },
    as: (name: string): RateLedger => ({
      async claim(_account, claims, leaseMs) {
        await realSleep(2);
        if (isAway) throw new Error('the ledger is away');
        answers += 1;
        const live = [...leases].filter(([, { untilMs }]) => untilMs > Date.now());
        const names = new Set([name, ...live.map(([, { holder }]) => holder.name)]);
        const untilMs = Date.now() + leaseMs;
        const grants = claims.map(({ budget, rank, held, ...claim }) => {
          const others = [...names].filter((other) => other !== name);
          const inIt = others.map((other) => {
            const found = live.find(([key]) => key === `${other} ${budget}`);
            return found?.[1].holder ?? { name: other, rank: null, permits: 0 };
          });
          const grant = grantShare(claim.perSecond, { name, rank, permits: held }, inIt);
          const holder = { name, rank, permits: Math.max(held, grant.permits) };
          leases.set(`${name} ${budget}`, { holder, untilMs });
          return grant;
        });
        return { grants, holders: names.size };
      },
    }),
  };
}

function worker(ledger?: RateLedger) {
  const budgets = new RateBudgets({ now: () => new Date(), sleep: realSleep, ...(ledger ? { ledger } : {}) });
  const account = budgets.account(secretId);
  return { pass: (rank: Rank) => account.pass('clb', 'DescribeTargets', 'ap-jakarta', rank), budgets };
}

/**
 * Sends this many requests at once.
 * @returns when the cloud counted each
 */
async function send(pass: () => ReturnType<ReturnType<typeof worker>['pass']>, count: number, transitMs = 1) {
  const counted: number[] = [];
  await Promise.all(
    Array.from({ length: count }, async () => {
      const turn = await pass();
      await realSleep(transitMs);
      counted.push(Date.now());
      await realSleep(1);
      turn.done();
    }),
  );
  return counted;
}

const mostInASecond = (counted: readonly number[]) =>
  Math.max(...counted.map((start) => counted.filter((at) => at >= start && at < start + 1000).length));

it('workers that share a key never together exceed its rate', async () => {
  const anyLoad = fc.record({
    rank: fc.constantFrom<Rank>('run', 'requested', 'background'),
    afterMs: fc.nat({ max: 6000 }),
    count: fc.integer({ min: 1, max: 90 }),
    transitMs: fc.integer({ min: 1, max: 300 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(anyLoad, { maxLength: 3 }), { minLength: 2, maxLength: 4 }),
      async (all) => {
        const ledger = testLedger();
        const counted: number[] = [];
        const loads = all.flatMap((own, n) => {
          const { pass } = worker(ledger.as(`worker-${n}`));
          // The fastest round trip, used as the reference for the rest.
          const first = send(() => pass('run'), own.length > 0 ? 1 : 0).then((at) => counted.push(...at));
          return own.map(async ({ rank, afterMs, count, transitMs }) => {
            await first;
            await realSleep(afterMs);
            counted.push(...(await send(() => pass(rank), count, transitMs)));
          });
        });
        const ended = Promise.all(loads);
        await vi.runAllTimersAsync();
        await ended;
        expect(counted).toHaveLength(
          all.reduce(
            (sum, own) => own.reduce((total, { count }) => total + count, sum + Math.min(1, own.length)),
            0,
          ),
        );
        if (counted.length > 0) expect(mostInASecond(counted)).toBeLessThanOrEqual(perSecond);
      },
    ),
    { numRuns: 60 },
  );
});

it('a single worker has the full rate, as without a ledger', async () => {
  const span = async (ledger?: RateLedger) => {
    const begin = Date.now();
    const { pass } = worker(ledger);
    const counted = send(() => pass('requested'), 200);
    await vi.runAllTimersAsync();
    return Math.max(...(await counted)) - begin;
  };
  const alone = await span();
  expect(await span(testLedger().as('a'))).toBeLessThan(alone + 10);
});

it('connections that use one key share its budget within a process', async () => {
  const { budgets } = worker();
  const sent = Promise.all(
    [1, 2].map(() =>
      send(() => budgets.account(secretId).pass('clb', 'DescribeTargets', 'ap-jakarta', 'run'), 60),
    ),
  );
  await vi.runAllTimersAsync();
  expect(mostInASecond((await sent).flat())).toBeLessThanOrEqual(perSecond);
});

it('regions and keys have their own budgets', async () => {
  const { budgets } = worker();
  const begin = Date.now();
  const sent = Promise.all([
    send(() => budgets.account(secretId).pass('clb', 'DescribeTargets', 'ap-jakarta', 'run'), 40),
    send(() => budgets.account(secretId).pass('clb', 'DescribeTargets', 'ap-tokyo', 'run'), 40),
    send(() => budgets.account('AKIDother').pass('clb', 'DescribeTargets', 'ap-jakarta', 'run'), 40),
  ]);
  await vi.runAllTimersAsync();
  for (const counted of await sent) {
    expect(Math.max(...counted) - begin).toBeLessThan(2500);
  }
});

it('a run on one worker takes precedence over the sync of another', async () => {
  const ledger = testLedger();
  const sync = worker(ledger.as('a'));
  const run = worker(ledger.as('b'));
  // Each has the other's claim.
  const first = Promise.all([send(() => sync.pass('requested'), 1), send(() => run.pass('run'), 1)]);
  await vi.advanceTimersByTimeAsync(3000);
  await first;
  const synced: number[] = [];
  const syncing = Array.from({ length: 600 }, async () => {
    synced.push(...(await send(() => sync.pass('requested'), 1)));
  });
  await vi.advanceTimersByTimeAsync(4000);
  const begin = Date.now();
  const running = send(() => run.pass('run'), 100);
  await vi.runAllTimersAsync();
  const ran = await running;
  await Promise.all(syncing);
  // The first is sent at once; then the sync of the other worker yields.
  expect(Math.min(...ran) - begin).toBeLessThan(100);
  const during = (from: number, counted: readonly number[]) =>
    counted.filter((at) => at >= begin + from && at < begin + from + 2000).length;
  expect(during(4000, ran)).toBeGreaterThan(3 * during(4000, synced));
  expect(mostInASecond([...ran, ...synced])).toBeLessThanOrEqual(perSecond);
});

it('continues with an equal share while the ledger is unreachable, and uses the ledger again when it returns', async () => {
  const ledger = testLedger();
  const workers = ['a', 'b'].map((name) => worker(ledger.as(name)));
  const sendAll = (count: number) => Promise.all(workers.map(({ pass }) => send(() => pass('run'), count)));
  const before = sendAll(40);
  await vi.advanceTimersByTimeAsync(2000);
  ledger.setAway(true);
  const away = sendAll(100);
  await vi.advanceTimersByTimeAsync(20_000);
  const counted = [...(await before), ...(await away)].flat();
  expect(counted).toHaveLength(280);
  expect(mostInASecond(counted)).toBeLessThanOrEqual(perSecond);
  ledger.setAway(false);
  const answersBefore = ledger.answers();
  const back = sendAll(40);
  await vi.runAllTimersAsync();
  expect(mostInASecond((await back).flat())).toBeLessThanOrEqual(perSecond);
  expect(ledger.answers()).toBeGreaterThan(answersBefore);
});

it('reports a ledger that is unreachable for some seconds, and its return, but not a short interruption', async () => {
  const ledger = testLedger();
  const reports: boolean[] = [];
  const budgets = new RateBudgets({
    now: () => new Date(),
    sleep: realSleep,
    ledger: ledger.as('a'),
    onLedger: (error) => reports.push(error !== null),
  });
  const pass = () => budgets.account(secretId).pass('clb', 'DescribeTargets', 'ap-jakarta', 'run');
  const sent = send(pass, 400);
  await vi.advanceTimersByTimeAsync(2000);
  ledger.setAway(true);
  await vi.advanceTimersByTimeAsync(2000);
  ledger.setAway(false);
  await vi.advanceTimersByTimeAsync(2000);
  expect(reports).toEqual([]);
  ledger.setAway(true);
  await vi.advanceTimersByTimeAsync(6000);
  expect(reports).toEqual([true]);
  ledger.setAway(false);
  await vi.runAllTimersAsync();
  await sent;
  expect(reports).toEqual([true, false]);
});

it('does not call the ledger while nothing is sent', async () => {
  const ledger = testLedger();
  const { pass } = worker(ledger.as('a'));
  const sent = send(() => pass('run'), 5);
  await vi.runAllTimersAsync();
  await sent;
  const answers = ledger.answers();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ledger.answers()).toBe(answers);
});

it('waits no longer for a hanging ledger than for an unreachable one', async () => {
  const hanging: RateLedger = { claim: () => new Promise(() => {}) };
  const { pass } = worker(hanging);
  const begin = Date.now();
  const sent = send(() => pass('run'), 1);
  await vi.advanceTimersByTimeAsync(1000);
  expect(((await sent)[0] ?? 0) - begin).toBeLessThan(600);
});

it('sends a call that arrives while the ledger hangs on an earlier claim', async () => {
  const ledger: RateLedger = {
    async claim(_account, claims) {
      await realSleep(3000);
      return { grants: claims.map(() => ({ permits: perSecond, target: perSecond })), holders: 1 };
    },
  };
  const account = worker(ledger).budgets.account(secretId);
  const first = account.pass('clb', 'DescribeTargets', 'ap-jakarta', 'background');
  await vi.advanceTimersByTimeAsync(400);
  // The first claim does not include its budget, and is not late yet.
  const second = account.pass('clb', 'DescribeListeners', 'ap-jakarta', 'background');
  await vi.advanceTimersByTimeAsync(600);
  await Promise.all([first, second]);
});
