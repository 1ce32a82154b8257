import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Credits, pickByWeight } from './balance';

describe('smooth weighted round robin', () => {
  it('gives each target its weight in every Σweight picks, and none at weight 0', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 6 }), (weights) => {
        const targets = weights.map((weight, id) => ({ id, key: String(id), weight }));
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const credits: Credits = new Map();
        for (let round = 0; round < 2; round += 1) {
          const counts = weights.map(() => 0);
          for (let n = 0; n < total; n += 1) {
            const picked = pickByWeight(targets, credits);
            if (picked) counts[picked.id] = (counts[picked.id] ?? 0) + 1;
          }
          expect(counts).toEqual(weights);
        }
        if (total === 0) expect(pickByWeight(targets, credits)).toBeNull();
      }),
    );
  });

  it('spreads picks instead of sending them in a row', () => {
    const targets = [5, 1, 1].map((weight, id) => ({ id, key: String(id), weight }));
    const credits: Credits = new Map();
    expect(Array.from({ length: 7 }, () => pickByWeight(targets, credits)?.id)).toEqual([
      0, 0, 1, 0, 2, 0, 0,
    ]);
  });
});
