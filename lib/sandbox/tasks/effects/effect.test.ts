import fc from 'fast-check';
import { expect, test } from 'vitest';
import { account, listener, loadBalancer, seedRule } from '../../seeds/parts';
import { hasDomain, listRuleDomains, type WorldListener } from '../../world/clb';
import type { AccountWorld } from '../../world/world';
import { applyEffect } from './effect';

const place = { loadBalancerId: 'lb-1', listenerId: 'lbl-1' };

function worldWith(made: WorldListener): AccountWorld {
  const balancer = { id: 'lb-1', name: 'a', region: 'ap-singapore', vips: ['127.101.3.1'], createdAt: 0 };
  return account(
    { uin: '1', name: 'a', appId: 1, networkAccountType: 'STANDARD' },
    {
      loadBalancers: [loadBalancer({ ...balancer, listeners: [made] })],
      instances: [],
      functions: [],
      zones: [],
    },
  );
}

/** The next operation, with numbers that select among the existing objects. */
const step = fc.oneof(
  fc.record({
    kind: fc.constant('create' as const),
    domains: fc.integer({ min: 1, max: 3 }),
    asDefault: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('delete' as const), pick: fc.nat(20), naming: fc.boolean() }),
  fc.record({ kind: fc.constant('rename' as const), pick: fc.nat(20) }),
  fc.record({ kind: fc.constant('makeDefault' as const), pick: fc.nat(20) }),
);

test('keeps exactly one default domain on a listener with domains after any change of its rules', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const made = listener({ id: 'lbl-1', protocol: 'HTTP', port: 80, createdAt: 0 });
      const world = worldWith(made);
      let number = 0;
      const next = () => `d${++number}.example.com`;
      for (const [at, each] of steps.entries()) {
        const { rules } = made;
        if (each.kind === 'create') {
          const [domain = '', ...furtherDomains] = Array.from({ length: each.domains }, next);
          const id = `loc-${number}`;
          const added = seedRule({ id, domain, furtherDomains, isDefault: each.asDefault, createdAt: at });
          applyEffect(world, { kind: 'createRules', ...place, rules: [added] });
          if (each.asDefault) expect(made.rules.at(-1)?.isDefault).toBe(true);
          continue;
        }
        const picked = rules[each.pick % Math.max(1, rules.length)];
        if (!picked) continue;
        const others = rules.filter((other) => other.id !== picked.id);
        const wasDefault = picked.isDefault;
        if (each.kind === 'delete') {
          const newDefaultDomain = each.naming ? (others.at(-1)?.furtherDomains[0] ?? null) : null;
          applyEffect(world, { kind: 'deleteRules', ...place, ruleIds: [picked.id], newDefaultDomain });
          if (newDefaultDomain) {
            expect(
              made.rules.filter((left) => left.isDefault && hasDomain(left, newDefaultDomain)),
            ).toHaveLength(1);
          }
        } else if (each.kind === 'rename') {
          const changes = [{ ruleId: picked.id, fields: { domain: next(), furtherDomains: [] } }];
          applyEffect(world, { kind: 'changeRules', ...place, changes, newDefaultDomain: null });
          expect(picked.isDefault).toBe(wasDefault);
        } else {
          const newDefaultDomain = listRuleDomains(picked).at(-1) ?? null;
          applyEffect(world, { kind: 'changeRules', ...place, changes: [], newDefaultDomain });
          expect(picked.isDefault).toBe(true);
        }
        const defaults = made.rules.filter((left) => left.isDefault);
        expect(defaults).toHaveLength(made.rules.length > 0 ? 1 : 0);
      }
    }),
  );
});

test('removes redirects and custom configurations of a deleted rule', () => {
  const [target, source] = ['loc-target', 'loc-source'].map((id, at) =>
    seedRule({ id, domain: `${id}.example.com`, createdAt: at }),
  );
  if (!target || !source) throw new Error('two rules were made');
  source.redirectTo = { listenerId: 'lbl-1', ruleId: target.id, code: 301, takeUrl: true };
  const made = listener({ id: 'lbl-1', protocol: 'HTTP', port: 80, createdAt: 0, rules: [target, source] });
  const world = worldWith(made);
  const common = {
    id: 'pz-1',
    name: 'a',
    region: 'ap-singapore',
    content: '',
    createdAt: 0,
    modifiedAt: 0,
    tags: {},
  };
  const at = (domain: string, ruleId: string | null) => ({ ...place, domain, ruleId });
  world.customConfigs['pz-1'] = {
    ...common,
    kind: 'LOCATION',
    bindings: [at(target.domain, target.id), at(source.domain, source.id), at(target.domain, null)],
  };
  applyEffect(world, { kind: 'deleteRules', ...place, ruleIds: [target.id], newDefaultDomain: null });
  expect(source.redirectTo).toBeNull();
  expect(world.customConfigs['pz-1']?.bindings).toEqual([at(source.domain, source.id)]);
});
