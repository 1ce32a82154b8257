import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultFailover } from '@/lib/diversion/default-failover';
import type { FailoverPolicy } from '@/lib/diversion/failover';
import {
  decideFailover,
  decidingProbes,
  failingVantages,
  type HealthRound,
  keepStuckSince,
} from './failover';

const at = (second: number) => new Date(Date.UTC(2026, 11, 12, 0, 0, second)).toISOString();
const answer = (passed: boolean) => ({
  passed,
  address: '127.77.1.1:80',
  latencyMs: 5,
  failure: passed ? null : 'no answer',
});
const round = (second: number, seen: readonly boolean[], receiving = true): HealthRound => ({
  at: at(second),
  serving: 'cvm',
  seen: seen.map(answer),
  receiving: answer(receiving),
});
const rounds = (seen: readonly (readonly boolean[])[], receiving = true) =>
  seen.map((each, i) => round(i * 5, each, receiving));
const decide = (
  given: readonly HealthRound[],
  change: Partial<Parameters<typeof decideFailover>[2]> = {},
  policy: FailoverPolicy = defaultFailover,
) => decideFailover(policy, given, { movedAt: null, now: at(3000), room: {}, ...change });

const down = [false, false];
const up = [true, true];

describe('decideFailover', () => {
  it.each([
    ['all is well', rounds([up, up, up, up, up]), 'healthy'],
    ['two of five failed', rounds([down, up, down, up, up]), 'healthy'],
    ['three of five failed', rounds([down, up, down, up, down]), 'failOver'],
    ['three failures in a row, nothing before', rounds([down, down, down]), 'failOver'],
    [
      'only one vantage sees it',
      rounds([
        [false, true],
        [false, true],
        [false, true],
      ]),
      'unsure',
    ],
    ['the other side fails too', rounds([down, down, down], false), 'receiverFails'],
  ] as const)('%s: %s', (_name, given, kind) => {
    expect(decide(given).kind).toBe(kind);
  });

  it('keeps the hold-down after a move by any actor', () => {
    const given = rounds([down, down, down]);
    expect(decide(given, { movedAt: at(2500) })).toEqual({ kind: 'holdDown', until: at(3100) });
    expect(decide(given, { movedAt: at(2400) }).kind).toBe('failOver');
  });

  it.each([
    [{ throttles: 0 }, 'failOver'],
    [{ throttles: 11 }, 'noRoom'],
    [{ throttles: null }, 'noRoom'],
    [{}, 'noRoom'],
  ] as const)('capacity %j: %s', (room, kind) => {
    const policy = { ...defaultFailover, capacity: [{ measure: 'throttles' as const, limit: 10 }] };
    expect(decide(rounds([down, down, down]), { room }, policy).kind).toBe(kind);
  });

  it('ignores the rounds of the other side', () => {
    const before = rounds([down, down, down]).map((each) => ({ ...each, serving: 'function' as const }));
    expect(decide([...before, round(20, down)]).kind).toBe('healthy');
  });

  const arbitrary = fc.array(fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()), { maxLength: 12 });

  it('property: moves only if n of the last m rounds failed for the quorum and the other side passed its probes', () => {
    fc.assert(
      fc.property(
        arbitrary,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 2 }),
        (drawn, n, quorum) => {
          const policy = { ...defaultFailover, failures: n, quorum };
          const given = drawn.map(([a, b, other], i) => round(i, [a, b], other));
          const last = given.slice(-policy.of);
          const failed = [0, 1].filter(
            (v) => last.filter((each) => !each.seen[v]?.passed).length >= n,
          ).length;
          expect(failingVantages(policy, given)).toBe(failed);
          const proved =
            given.length >= policy.proof && given.slice(-policy.proof).every((r) => r.receiving.passed);
          expect(decide(given, {}, policy).kind === 'failOver').toBe(failed >= quorum && proved);
        },
      ),
    );
  });
});

describe('decidingProbes', () => {
  it('returns only the failed probes of the vantages that see the failure, oldest first', () => {
    const given = rounds([
      [false, true],
      [true, true],
      [false, false],
      [false, true],
    ]);
    const [first, second] = defaultFailover.vantages;
    const failed = (after: number) => ({
      at: at(after),
      vantage: first,
      address: '127.77.1.1:80',
      failure: 'no answer',
    });
    expect(decidingProbes(defaultFailover, given)).toEqual([failed(0), failed(10), failed(15)]);
    const both = decidingProbes(defaultFailover, rounds([down, down, down]));
    expect(both.map(({ at: when, vantage }) => [when, vantage])).toEqual(
      [0, 5, 10].flatMap((after) => [
        [at(after), first],
        [at(after), second],
      ]),
    );
  });
});

describe('the start of a stuck failover', () => {
  const [first, later] = ['2026-12-12T00:00:00.000Z', '2026-12-12T00:01:00.000Z'];
  const stuck = { kind: 'receiverFails', stuckSince: first } as const;

  it('is a decision that leaves a failing side in service', () => {
    expect(keepStuckSince({ kind: 'receiverFails' }, { kind: 'healthy' }, first)).toEqual(stuck);
    expect(keepStuckSince({ kind: 'unsure', failing: 1 }, null, first)).toEqual({
      kind: 'unsure',
      failing: 1,
    });
    expect(keepStuckSince({ kind: 'holdDown', until: later }, null, first)).toEqual({
      kind: 'holdDown',
      until: later,
    });
  });

  it('is kept through other decisions, until the side is healthy or traffic moves', () => {
    const unsure = keepStuckSince({ kind: 'unsure', failing: 1 }, stuck, later);
    expect(unsure).toEqual({ kind: 'unsure', failing: 1, stuckSince: first });
    const blocked = { kind: 'blocked', why: 'nothingToMove', values: {} } as const;
    expect(keepStuckSince(blocked, unsure, later)).toEqual({ ...blocked, stuckSince: first });
    expect(keepStuckSince({ kind: 'healthy' }, stuck, later)).toEqual({ kind: 'healthy' });
    expect(keepStuckSince({ kind: 'failOver', failing: 2 }, stuck, later)).toEqual({
      kind: 'failOver',
      failing: 2,
    });
  });
});
