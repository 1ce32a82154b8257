import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { hasRight } from '@/lib/client/session/has-right';
import type { SessionView } from '@/lib/contract/session';
import {
  type Access,
  Grants,
  grantEverywhere,
  type Limits,
  listRights,
  mainRole,
  mayUseEverywhere,
  mayUseOn,
  mayUseSomewhere,
  narrowAccess,
  noLimits,
  readStoredLimits,
  toAccess,
} from './access';
import { coversDomain, type Footprint } from './covers';
import { findNeed, isInstallationWide, mayUse, roles } from './roles';
import { queryNames, verbNames } from './verbs';

const names = ['shop.example.co.id', 'a.shop.example.co.id', 'example.co.id', '*.example.co.id', '~^x'];
const patterns = ['shop.example.co.id', '*.shop.example.co.id', '*.example.co.id'];
const some = (values: readonly string[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 });
const limits: fc.Arbitrary<Limits> = fc.record({
  connections: fc.option(some(['c1', 'c2'])),
  regions: fc.option(some(['r1', 'r2'])),
  domains: fc.option(some(patterns)),
});
const access: fc.Arbitrary<Access> = fc.array(
  fc.record({ role: fc.constantFrom(...roles), limits: fc.array(limits, { maxLength: 2 }) }),
  { maxLength: 3 },
);
const footprint: fc.Arbitrary<Footprint> = fc.record({
  connections: fc.subarray(['c1', 'c2', 'c3']),
  regions: fc.subarray(['r1', 'r2', 'r3']),
  domains: fc.subarray(names),
});
const operation = fc.constantFrom(...verbNames, ...queryNames);

describe('a domain pattern', () => {
  it.each([
    ['shop.example.co.id', 'shop.example.co.id', true],
    ['shop.example.co.id', 'SHOP.example.co.id', true],
    ['shop.example.co.id', 'a.shop.example.co.id', false],
    ['*.example.co.id', 'shop.example.co.id', true],
    ['*.example.co.id', 'a.shop.example.co.id', true],
    ['*.example.co.id', '*.example.co.id', true],
    ['*.example.co.id', 'example.co.id', false],
    ['*.example.co.id', 'badexample.co.id', false],
    ['shop.example.co.id', '*.example.co.id', false],
    // A regular expression may match anything, and an empty domain is the default of a listener.
    ['*.example.co.id', '~^.*.example.co.id', false],
    ['*.example.co.id', '', false],
    ['*', '', false],
    ['flash.*', 'flash.*', true],
    ['flash.*', '*.example.co.id', false],
  ])('%s on %s: %s', (pattern, domain, covered) => {
    expect(coversDomain(pattern, domain)).toBe(covered);
  });

  it.each(['*.', 'a..b', 'exa mple.co.id', '~^x', 'x'.repeat(300)])('is refused as %j', (domain) => {
    expect(Grants.safeParse([{ role: 'viewer', ...noLimits, domains: [domain] }]).success).toBe(false);
  });
});

test('a pattern covers a wildcard domain only if it covers every name that the domain matches', () => {
  const label = fc.constantFrom('a', 'b', 'ab');
  const pattern = fc
    .tuple(fc.constantFrom('*', 'a', 'a*'), label, fc.constantFrom('example', '*'))
    .map((parts) => parts.join('.'));
  const domain = fc
    .tuple(fc.constantFrom('*', 'a', '*.a'), label, fc.constantFrom('example', 'b.example'))
    .map((parts) => parts.join('.'));
  fc.assert(
    fc.property(pattern, domain, fc.constantFrom('a', 'b', 'ab', 'a.b'), (covering, wildcard, name) => {
      if (coversDomain(covering, wildcard))
        expect(coversDomain(covering, wildcard.replace('*', name))).toBe(true);
    }),
  );
});

test('a role without limits may be used on everything that the role allows', () => {
  for (const role of roles)
    fc.assert(
      fc.property(operation, footprint, (name, objects) => {
        const own = toAccess(grantEverywhere(role));
        expect(mayUseOn(own, name, objects)).toBe(mayUse(role, name));
        expect(mayUseEverywhere(own, name)).toBe(mayUse(role, name));
        expect(mayUseSomewhere(own, name)).toBe(mayUse(role, name));
      }),
    );
});

test('what may be used on objects may be used on fewer of them, and what may be used on all, on any', () => {
  fc.assert(
    fc.property(access, operation, footprint, fc.array(fc.nat(2)), (own, name, objects, picked) => {
      const fewer = {
        connections: objects.connections.filter((_, at) => picked.includes(at)),
        regions: objects.regions.filter((_, at) => picked.includes(at)),
        domains: objects.domains.filter((_, at) => picked.includes(at)),
      };
      if (mayUseOn(own, name, objects)) expect(mayUseOn(own, name, fewer)).toBe(true);
      if (mayUseEverywhere(own, name)) expect(mayUseOn(own, name, objects)).toBe(true);
      if (mayUseOn(own, name, objects)) expect(mayUseSomewhere(own, name)).toBe(true);
    }),
  );
});

test('a token never may what its owner may not', () => {
  fc.assert(
    fc.property(
      access,
      fc.constantFrom(...roles),
      fc.option(limits),
      operation,
      footprint,
      (own, role, own2, name, objects) => {
        const narrow = narrowAccess(own, role, own2);
        if (mayUseOn(narrow, name, objects)) expect(mayUseOn(own, name, objects)).toBe(true);
        if (mayUseEverywhere(narrow, name)) expect(mayUseEverywhere(own, name)).toBe(true);
      },
    ),
  );
});

test('grants add up: each further one takes nothing away', () => {
  fc.assert(
    fc.property(access, access, operation, footprint, (own, more, name, objects) => {
      if (mayUseOn(own, name, objects)) expect(mayUseOn([...own, ...more], name, objects)).toBe(true);
    }),
  );
});

test('an administrator with limits can’t do what concerns everything', () => {
  const limited = toAccess([{ role: 'administrator', ...noLimits, regions: ['ap-jakarta'] }]);
  for (const name of [...verbNames, ...queryNames].filter(isInstallationWide))
    expect(mayUseSomewhere(limited, name)).toBe(false);
  expect(mayUseSomewhere(limited, 'plan.apply')).toBe(true);
  expect(mayUseSomewhere(limited, 'emergencyStop.set')).toBe(false);
});

test('the listed rights are those of the operations that may be used', () => {
  fc.assert(
    fc.property(access, operation, footprint, (own, name, objects) => {
      const need = findNeed(name);
      if (need === 'public') return;
      const session: SessionView = {
        signIn: 'done',
        name: 'sari',
        role: 'viewer',
        rights: listRights(own),
        people: [],
      };
      const isOfAll = isInstallationWide(name);
      expect(hasRight(session, need, isOfAll ? 'everywhere' : 'somewhere')).toBe(mayUseSomewhere(own, name));
      expect(hasRight(session, need, isOfAll ? 'everywhere' : objects)).toBe(mayUseOn(own, name, objects));
    }),
  );
});

test('people are known by their highest role', () => {
  const grants = (['viewer', 'operator'] as const).flatMap(grantEverywhere);
  expect(mainRole(toAccess(grants))).toBe('operator');
  expect(mainRole([])).toBeNull();
});

describe('damaged grants', () => {
  const operator = { role: 'operator', ...noLimits };
  it.each([
    ['no list', { ...operator }],
    ['nothing', null],
    ['an unknown role', [{ ...operator, role: 'owner' }]],
    ['a limit without its name', [{ role: 'operator', connections: null, regions: null }]],
    ['a limit that is text', [{ ...operator, connections: 'test-prod' }]],
    ['an empty limit', [{ ...operator, domains: [] }]],
    ['an invalid pattern', [{ ...operator, domains: ['a b'] }]],
  ])('with %s give no rights', (_, stored) => {
    expect(toAccess(stored as never)).toEqual([]);
  });

  it('leave the others as they are', () => {
    const stored = [{ role: 'owner' }, operator];
    expect(toAccess(stored as never)).toEqual(toAccess(grantEverywhere('operator')));
  });

  it('of a token cover nothing', () => {
    const wide = toAccess(grantEverywhere('operator'));
    const narrow = narrowAccess(wide, 'operator', readStoredLimits('all'));
    const touched = { connections: ['test'], regions: ['ap-jakarta'], domains: ['example.com'] };
    expect(mayUseOn(narrow, 'plan.apply', touched)).toBe(false);
    expect(mayUseEverywhere(narrow, 'plan.get')).toBe(false);
    expect(readStoredLimits(null)).toBeNull();
  });
});
