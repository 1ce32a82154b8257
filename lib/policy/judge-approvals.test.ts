import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUnapproved } from './approval';
import { noRequirement } from './approval-rules';
import { type GivenApproval, judgeApprovals } from './judge-approvals';

const people = ['intan@example.com', 'bagus@example.com', 'sari@example.com', 'local'];
const now = new Date('2026-12-11T12:00:00.000Z');
const hour = 3_600_000;

const approval = fc
  .record({
    actor: fc.constantFrom(...people),
    name: fc.constantFrom('Intan', 'intan ', 'Bagus'),
    ageH: fc.integer({ min: 0, max: 48 }),
    isWithdrawn: fc.boolean(),
    hash: fc.constantFrom('own', 'other'),
  })
  .map(({ ageH, isWithdrawn, actor, name, hash }) => ({
    actor,
    name: actor === 'local' ? name : actor,
    hash,
    at: new Date(now.getTime() - ageH * hour).toISOString(),
    withdrawnAt: isWithdrawn ? now.toISOString() : null,
  }));
const list = fc
  .array(approval, { maxLength: 8 })
  .map((all): readonly GivenApproval[] => all.map((each, id) => ({ ...each, id })));
const basis = fc.record({
  hash: fc.constant<string>('own'),
  authors: fc.subarray(people),
  lost: fc.subarray(people).map((lost) => new Set(lost)),
  now: fc.constant(now),
  requirement: fc.record({
    needed: fc.nat(3),
    selfApproval: fc.boolean(),
    expiresAfterH: fc.option(fc.integer({ min: 1, max: 48 }), { nil: null }),
    rehearsedWithinH: fc.constant(null),
    breakGlass: fc.boolean(),
    rules: fc.constant([]),
  }),
});

describe('approvals', () => {
  it('count only if valid, unexpired and of different people, none of them an author where only others may', () => {
    fc.assert(
      fc.property(list, basis, (all, given) => {
        const { count, judged } = judgeApprovals(all, given);
        const counted = all.filter((_, nth) => judged[nth]?.why === null);
        expect(count).toEqual({ given: counted.length, needed: given.requirement.needed });
        const { selfApproval, expiresAfterH } = given.requirement;
        for (const { actor, hash, withdrawnAt, at } of counted) {
          expect(hash).toBe('own');
          expect(withdrawnAt).toBeNull();
          expect(given.lost.has(actor)).toBe(false);
          if (!selfApproval && actor !== 'local') expect(given.authors).not.toContain(actor);
          if (expiresAfterH !== null)
            expect(now.getTime() - Date.parse(at)).toBeLessThan(expiresAfterH * hour);
        }
        const people = counted.map(({ actor, name }) =>
          actor === 'local' ? name.trim().toLowerCase() : actor,
        );
        expect(new Set(people).size).toBe(people.length);
      }),
    );
  });

  it('count no more later, with a stricter rule, or for another plan', () => {
    fc.assert(
      fc.property(list, basis, fc.integer({ min: 0, max: 48 }), (all, given, hours) => {
        const before = judgeApprovals(all, given).count.given;
        const countOf = (change: Partial<typeof given>) =>
          judgeApprovals(all, { ...given, ...change }).count.given;
        expect(countOf({ now: new Date(now.getTime() + hours * hour) })).toBeLessThanOrEqual(before);
        const stricter = { ...given.requirement, selfApproval: false };
        expect(countOf({ requirement: stricter })).toBeLessThanOrEqual(before);
        expect(countOf({ hash: 'edited' })).toBe(0);
      }),
    );
  });

  it('are not enough while a decline stands, and not needed once someone has broken glass', () => {
    const own = (actor: string, minute: number): GivenApproval => ({
      id: minute,
      actor,
      name: actor,
      hash: 'own',
      at: `2026-12-11T11:${String(minute).padStart(2, '0')}:00.000Z`,
      withdrawnAt: null,
    });
    const requirement = { ...noRequirement, needed: 1 };
    const given = { hash: 'own', authors: [], lost: new Set<string>(), now, requirement };
    const yes = own('intan@example.com', 10);
    const no = own('bagus@example.com', 20);
    const isMissing = (all: readonly GivenApproval[], change: object = {}) =>
      isUnapproved(judgeApprovals(all, { ...given, declines: [no], ...change }).count);
    expect(isMissing([yes])).toBe(true);
    expect(isMissing([yes, own('bagus@example.com', 10)]), 'approved before').toBe(true);
    expect(isMissing([yes, own('bagus@example.com', 30)])).toBe(false);
    expect(isMissing([yes], { lost: new Set(['bagus@example.com']) })).toBe(false);
    expect(isMissing([yes], { declines: [{ ...no, hash: 'other' }] })).toBe(false);
    const mark = { actor: 'oka@example.com', reason: 'The shop is down.', at: no.at, isVoid: false };
    expect(isMissing([], { breakGlass: mark })).toBe(false);
    expect(isMissing([], { breakGlass: { ...mark, isVoid: true } })).toBe(true);
  });

  it('under a typed name count where no one has signed in, and not for the plan of someone who has', () => {
    const typed: GivenApproval = {
      id: 1,
      actor: 'local',
      name: 'Intan',
      hash: 'own',
      at: now.toISOString(),
      withdrawnAt: null,
    };
    const requirement = { ...noRequirement, needed: 1, selfApproval: false };
    const given = { hash: 'own', lost: new Set<string>(), now, requirement };
    const judge = (authors: readonly string[]) => judgeApprovals([typed], { ...given, authors });
    expect(isUnapproved(judge(['local']).count)).toBe(false);
    expect(judge(['sari@example.com']).judged).toMatchObject([{ why: 'typedName' }]);
  });
});
