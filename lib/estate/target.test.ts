import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TargetState } from './object';
import { canonicalState, sameState } from './object-state';
import { isSameTarget, type TargetKey, targetText } from './target';

const port = fc.constantFrom(80, 8080, 0);
const target: fc.Arbitrary<TargetKey> = fc.oneof(
  fc.record({ instanceId: fc.constantFrom('ins-1', 'ins-2'), port }),
  fc.record({ eniIp: fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom('fd00::1', 'fd00::1:80')), port }),
);

it('formats two targets the same exactly if they are equal', () => {
  fc.assert(
    fc.property(target, target, (a, b) => {
      expect(targetText(a) === targetText(b)).toBe(isSameTarget(a, b));
    }),
  );
});

it('treats a server and its addresses as separate targets, and ignores their order', () => {
  const rule = (targets: readonly TargetState[]) => ({
    kind: 'rule' as const,
    exists: true,
    functions: [],
    targets: [...targets],
  });
  const states = fc.uniqueArray(
    fc.tuple(target, fc.integer({ min: 0, max: 100 })).map(([name, weight]) => ({ ...name, weight })),
    { selector: targetText, maxLength: 6 },
  );
  fc.assert(
    fc.property(states, (targets) => {
      const state = rule(targets);
      expect(sameState(state, rule(targets.toReversed()))).toBe(true);
      expect(canonicalState(state)).toEqual(canonicalState(JSON.parse(JSON.stringify(state))));
      const [first, ...rest] = targets;
      if (first === undefined) return;
      const other: TargetState =
        first.eniIp === undefined
          ? { eniIp: first.instanceId, port: first.port, weight: first.weight }
          : { instanceId: first.eniIp, port: first.port, weight: first.weight };
      expect(sameState(state, rule([other, ...rest]))).toBe(false);
    }),
  );
});

it.each([
  { instanceId: 'ins-1', eniIp: '10.0.0.1', port: 80, weight: 1 },
  { port: 80, weight: 1 },
])('refuses a target with both names or none: %j', (value) => {
  expect(TargetState.safeParse(value).success).toBe(false);
});
