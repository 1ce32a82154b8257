import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FailoverPolicy } from '@/lib/diversion/failover';
import { decideProgram } from '@/lib/plan/failover-script/failover-script';
import { decideFailover, type HealthRound } from './failover';

/*
 * Compares the exported script, which decides without Spillway by its own copy of the rules, with the rules themselves.
 */

type Decide = (
  policy: FailoverPolicy,
  rounds: readonly HealthRound[],
  movedAt: number | null,
  now: number,
) => string;
const decide: Decide = new Function(`${decideProgram}\nreturn decide;`)();

const base = Date.UTC(2026, 11, 12);
const arbitraryCase = fc
  .record({ vantages: fc.integer({ min: 1, max: 4 }), of: fc.integer({ min: 1, max: 6 }) })
  .chain(({ vantages, of }) =>
    fc.record({
      policy: fc.record({
        vantages: fc.constant(Array.from({ length: vantages }, () => ({ kind: 'address' as const }))),
        quorum: fc.integer({ min: 1, max: vantages }),
        failures: fc.integer({ min: 1, max: of }),
        of: fc.constant(of),
        everyS: fc.constant(5),
        proof: fc.integer({ min: 1, max: 4 }),
        holdDownS: fc.constantFrom(0, 60),
        capacity: fc.constant<FailoverPolicy['capacity']>([]),
      }),
      rounds: fc.array(
        fc.record({
          seen: fc.array(fc.boolean(), { minLength: vantages, maxLength: vantages }),
          receiving: fc.boolean(),
        }),
        { minLength: 1, maxLength: 8 },
      ),
      movedS: fc.option(fc.integer({ min: 0, max: 120 })),
    }),
  );
const answer = (passed: boolean) => ({
  passed,
  address: '127.77.1.1:80',
  latencyMs: 1,
  failure: passed ? null : 'down',
});

it('decides like a Switch with failover enabled', () => {
  fc.assert(
    fc.property(arbitraryCase, ({ policy, rounds, movedS }) => {
      const given = rounds.map(
        ({ seen, receiving }): HealthRound => ({
          at: new Date(base).toISOString(),
          serving: 'cvm',
          seen: seen.map(answer),
          receiving: answer(receiving),
        }),
      );
      const movedAt = movedS === null ? null : base - movedS * 1000;
      const own = decideFailover(policy, given, {
        movedAt: movedAt === null ? null : new Date(movedAt).toISOString(),
        now: new Date(base).toISOString(),
        room: {},
      });
      expect(decide(policy, given, movedAt, base)).toBe(own.kind);
    }),
    { numRuns: 500 },
  );
});
