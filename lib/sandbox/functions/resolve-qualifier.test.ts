import fc from 'fast-check';
import { expect, test } from 'vitest';
import { published, scfFunction } from '@/lib/sandbox/seeds/parts';
import type { WorldAlias } from '@/lib/sandbox/world/scf';
import { resolveQualifier } from './resolve-function';

const plain = published(
  scfFunction({ region: 'ap-singapore', namespace: 'default', name: 'one', zip: '', createdAt: 0 }),
);
function withAlias(given: Pick<WorldAlias, 'version' | 'extra'>) {
  const alias: WorldAlias = {
    name: 'live',
    description: '',
    match: null,
    createdAt: 0,
    modifiedAt: 0,
    ...given,
  };
  return { ...plain, aliases: [...plain.aliases, alias] };
}

test.each([
  ['$LATEST', '$LATEST'],
  ['$DEFAULT', '$LATEST'],
  ['1', '1'],
  ['2', null],
  ['live', null],
])('%s of a function with one version runs %s', (qualifier, version) => {
  expect(resolveQualifier(plain, qualifier, 0.5)).toBe(version);
});

test('sends an alias’s share to the other version, and the rest to its own', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(share, draw, (weight, at) => {
      const fn = withAlias({ version: '$LATEST', extra: { version: '1', weight } });
      expect(resolveQualifier(fn, 'live', at)).toBe(at < weight ? '1' : '$LATEST');
    }),
  );
});

test('produces the configured shares over evenly spread draws', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100 }), (percent) => {
      const fn = withAlias({ version: '$LATEST', extra: { version: '1', weight: percent / 100 } });
      const draws = Array.from({ length: 100 }, (_, index) => (index + 0.5) / 100);
      expect(draws.filter((draw) => resolveQualifier(fn, 'live', draw) === '1')).toHaveLength(percent);
    }),
  );
});

test('runs nothing for an alias of a deleted version', () => {
  expect(resolveQualifier(withAlias({ version: '9', extra: null }), 'live', 0)).toBeNull();
});
