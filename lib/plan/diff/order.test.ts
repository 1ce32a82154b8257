import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlannedChange } from '@/lib/plan/model/change';
import { orderChanges } from './order';

function change(key: string, needs: readonly string[]): PlannedChange {
  const probe = { kind: 'dns', name: key, type: 'A', expect: { value: '127.0.0.1' } } as const;
  return { kind: 'probe', key, phase: 'prewarm', needs, probe, withinMs: 0 };
}

describe('orderChanges', () => {
  it('rejects a cycle and names all blocked changes', () => {
    const ordered = orderChanges([change('a', ['b']), change('b', ['a']), change('c', [])]);
    expect(ordered).toEqual({ ok: false, error: ['a', 'b'] });
  });

  it('rejects a dependency that no change provides', () => {
    expect(orderChanges([change('a', ['nowhere'])])).toEqual({ ok: false, error: ['a'] });
  });

  it('property: orders every change after its dependencies, for any input order', () => {
    const acyclic = fc
      .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 12 })
      .map((rows) => rows.map((row, i) => change(`c${i}`, i === 0 ? [] : row.map((n) => `c${n % i}`))));
    fc.assert(
      fc.property(
        acyclic.chain((changes) => fc.shuffledSubarray(changes, { minLength: changes.length })),
        (changes) => {
          const ordered = orderChanges(changes);
          expect(ordered.ok).toBe(true);
          if (!ordered.ok) return;
          const keys = ordered.value.map((c) => c.key);
          expect(keys).toHaveLength(changes.length);
          ordered.value.forEach((c, i) => {
            for (const need of c.needs) expect(keys.indexOf(need)).toBeLessThan(i);
          });
        },
      ),
    );
  });
});
