import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instance, seedRule, targetGroup, targets } from '@/lib/sandbox/seeds/parts';
import { listenerHealthCheck, ruleHealthCheck } from '@/lib/sandbox/world/health-check';
import { backendsOfRule, type TargetPool } from './rule-backends';
import { usableTargets } from './target-health';

const now = 1_000_000_000;
const long = now - 3_600_000;
const healthCheck = ruleHealthCheck();
const server = (name: string) =>
  instance({ id: `ins-${name}`, name, region: 'r', zone: 'z', privateIp: '127.0.0.1' });
const [a, b, c] = [server('a'), server('b'), server('c')];
const stopped = { ...server('s'), state: 'STOPPED' as const };
const instances = Object.fromEntries([a, b, c, stopped].map((each) => [each.id, each]));

const at = (id: string, weight = 10, registeredAt = long) => ({
  instanceId: id,
  port: 80,
  weight,
  registeredAt,
});
const pool = (given: Partial<TargetPool>): TargetPool => ({
  groupId: null,
  weight: 1,
  healthCheck,
  targets: [],
  ...given,
});
const listNames = (pools: TargetPool[]) =>
  usableTargets(pools, instances, now).map((each) => each.instanceId);

test('returns the healthy targets that have a weight', () => {
  const all = [at(a.id), at(b.id, 0), at(stopped.id), at(c.id, 10, now)];
  expect(listNames([pool({ targets: all })])).toEqual([a.id]);
});

test('returns all with a weight when none is healthy, dead and new ones alike', () => {
  expect(listNames([pool({ targets: [at(stopped.id), at(c.id, 10, now), at(a.id, 0)] })])).toEqual([
    stopped.id,
    c.id,
  ]);
});

test('returns all with a weight when the check is off', () => {
  const off = { ...healthCheck, on: false };
  expect(listNames([pool({ healthCheck: off, targets: [at(stopped.id), at(a.id)] })])).toEqual([
    stopped.id,
    a.id,
  ]);
});

test('returns none when none has a weight', () => {
  expect(listNames([pool({ targets: [at(a.id, 0)] }), pool({ weight: 0, targets: [at(b.id)] })])).toEqual([]);
  expect(listNames([])).toEqual([]);
});

test('shares between groups by weight, and gives an empty group’s share to the others', () => {
  const groups = [
    pool({ groupId: 'lbtg-1', weight: 30, targets: [at(a.id, 1), at(b.id, 3)] }),
    pool({ groupId: 'lbtg-2', weight: 10, targets: [at(a.id, 5)] }),
  ];
  expect(usableTargets(groups, instances, now)).toEqual([
    { instanceId: a.id, port: 80, weight: 17.5 },
    { instanceId: b.id, port: 80, weight: 22.5 },
  ]);
  const [first] = groups;
  const dead = pool({ groupId: 'lbtg-2', weight: 90, targets: [at(stopped.id)] });
  expect(listNames(first ? [first, dead] : [])).toEqual([a.id, b.id]);
});

test('gives groups shares that add up to their weights', () => {
  const weight = fc.integer({ min: 1, max: 100 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(weight, fc.array(weight, { minLength: 1 })), { minLength: 2 }),
      (groups) => {
        const pools = groups.map(([share, weights], index) =>
          pool({
            groupId: `lbtg-${index}`,
            weight: share,
            targets: weights.map((each, port) => ({ ...at(a.id, each), port: index * 1000 + port })),
          }),
        );
        const usable = usableTargets(pools, instances, now);
        for (const [index, [share]] of groups.entries()) {
          const own = usable.filter(({ port }) => Math.floor(port / 1000) === index);
          expect(own.reduce((sum, each) => sum + each.weight, 0)).toBeCloseTo(share);
        }
      },
    ),
  );
});

test('forwards to a rule’s own servers or those of its groups, with the right check for each', () => {
  const group = (id: string, type: 'v1' | 'v2') =>
    targetGroup({
      id,
      name: id,
      region: 'r',
      type,
      createdAt: long,
      targets: targets([b], 80, long),
      healthCheck: type === 'v2' ? listenerHealthCheck() : null,
    });
  const account = { targetGroups: { 'lbtg-1': group('lbtg-1', 'v1'), 'lbtg-2': group('lbtg-2', 'v2') } };
  const own = seedRule({ id: 'loc-1', domain: 'd', createdAt: long, targets: targets([a], 80, long) });
  expect(backendsOfRule(account, own)).toEqual([
    { groupId: null, weight: 1, healthCheck, targets: own.targets },
  ]);
  const grouped = {
    ...own,
    targetType: 'TARGETGROUP' as const,
    targetGroups: ['lbtg-1', 'lbtg-2', 'lbtg-gone'].map((groupId, index) => ({ groupId, weight: index })),
  };
  expect(
    backendsOfRule(account, grouped).map((each) => [each.groupId, each.weight, each.healthCheck]),
  ).toEqual([
    ['lbtg-1', 0, healthCheck],
    ['lbtg-2', 1, listenerHealthCheck()],
  ]);
});
