import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { getDnsPlan } from '../model/dns/plans';
import { listUserPolicies } from '../world/policies';
import type { AccountWorld, World } from '../world/world';
import { seedNamed, seedNames } from './seeds';

const now = Date.UTC(2026, 11, 11);
const network = '127.81.0.0/16';
const worlds = seedNames.map((name): [string, World] => [name, seedNamed(name)(network, now)]);

function parts(account: AccountWorld) {
  const loadBalancers = Object.values(account.loadBalancers);
  const listeners = loadBalancers.flatMap((lb) => lb.listeners.map((listener) => ({ lb, listener })));
  const rules = listeners.flatMap(({ lb, listener }) =>
    listener.rules.map((rule) => ({ lb, listener, rule })),
  );
  return { loadBalancers, listeners, rules };
}

function doubles(items: readonly (string | number)[]): (string | number)[] {
  return items.filter((item, index) => items.indexOf(item) !== index);
}

test.each(worlds)('%s: ids and addresses are unique, and inside the VIP network', (_, world) => {
  const accounts = Object.values(world.accounts);
  const all = accounts.map(parts);
  const ids = [
    ...all.flatMap((each) => each.loadBalancers.map((lb) => lb.id)),
    ...all.flatMap((each) => each.listeners.map(({ listener }) => listener.id)),
    ...all.flatMap((each) => each.rules.map(({ rule }) => rule.id)),
    ...accounts.flatMap((account) => Object.keys(account.instances)),
    ...accounts.flatMap((account) =>
      Object.values(account.instances).flatMap(({ interfaces = [] }) => interfaces.map(({ id }) => id)),
    ),
  ];
  const addresses = [
    ...all.flatMap((each) => each.loadBalancers.flatMap((lb) => lb.vips)),
    ...accounts.flatMap((account) =>
      Object.values(account.instances).flatMap(({ privateIp, interfaces = [] }) => [
        privateIp,
        ...interfaces.flatMap(({ privateIps }) => privateIps),
      ]),
    ),
  ];
  const zones = accounts.flatMap((account) => Object.values(account.zones));
  expect(doubles(ids)).toEqual([]);
  expect(doubles(addresses)).toEqual([]);
  expect(doubles(zones.flatMap((zone) => zone.records.map((record) => record.id)))).toEqual([]);
  expect(addresses.filter((address) => !address.startsWith('127.81.'))).toEqual([]);
  // Real instance ids have eight characters after their prefix.
  expect(ids.filter((id) => /^(lb|lbl|loc|ins|eni)-/.test(id) && !/-[a-z0-9]{8}$/.test(id))).toEqual([]);
});

test.each(worlds)('%s: every reference resolves', (_, world) => {
  for (const account of Object.values(world.accounts)) {
    for (const { lb, listener, rule } of parts(account).rules) {
      for (const { instanceId, eniIp } of rule.targets) {
        const server = account.instances[instanceId];
        expect(server?.region).toBe(lb.region);
        if (eniIp !== undefined)
          expect(server?.interfaces?.flatMap(({ privateIps }) => privateIps)).toContain(eniIp);
      }
      for (const { namespace, name, qualifier } of rule.functions) {
        const fn = account.functions[`${lb.region}/${namespace}/${name}`];
        expect(fn?.versions.map((version) => version.version)).toContain(qualifier);
      }
      expect(
        listener.rules.filter((other) => other.domain === rule.domain && other.url === rule.url),
      ).toHaveLength(1);
    }
    for (const { listener } of parts(account).listeners) {
      const defaults = new Set(listener.rules.filter((rule) => rule.isDefault).map((rule) => rule.domain));
      expect(defaults.size).toBe(listener.rules.length > 0 ? 1 : 0);
    }
    for (const fn of Object.values(account.functions)) {
      const [file] = Object.keys(unzipSync(Buffer.from(fn.zip, 'base64')));
      expect(file).toBeDefined();
    }
  }
});

test.each(worlds)('%s: records follow the rules of their zone and point at load balancers', (_, world) => {
  for (const account of Object.values(world.accounts)) {
    const { loadBalancers } = parts(account);
    const places = new Set(
      loadBalancers.flatMap((lb) => [...lb.vips, lb.ipv6, lb.domain && `${lb.domain}.`]),
    );
    for (const zone of Object.values(account.zones)) {
      for (const record of zone.records.filter((each) => !each.defaultNs)) {
        expect(record.ttlS).toBeGreaterThanOrEqual(getDnsPlan(zone.grade).minTtlS);
        expect(places).toContain(record.value);
      }
    }
  }
});

test.each(worlds)('%s: the same network and time give the same data', (name, world) => {
  expect(seedNamed(name)(network, now)).toEqual(world);
});

test('flash-sale includes the kinds of load balancers that restrictions mention', () => {
  const niaga = worlds
    .flatMap(([, world]) => Object.values(world.accounts))
    .find((account) => account.name === 'niaga');
  const lbs = Object.values(niaga?.loadBalancers ?? {});
  expect(new Set(lbs.map((lb) => lb.region))).toEqual(
    new Set(['ap-jakarta', 'ap-singapore', 'ap-guangzhou']),
  );
  expect(lbs.filter((lb) => lb.forward === 0)).toHaveLength(1);
  expect(lbs.filter((lb) => lb.vpcId === '0')).toHaveLength(1);
  expect(lbs.filter((lb) => lb.ipv6Mode === 'IPv6FullChain')).toHaveLength(1);
  expect(lbs.filter((lb) => lb.ipv6Mode === 'IPv6Nat64')).toHaveLength(1);
  expect(lbs.filter((lb) => lb.domain !== null)).toHaveLength(1);
});

test.each(worlds)('%s: referenced networks exist, and contain the addresses of their servers', (_, world) => {
  for (const account of Object.values(world.accounts)) {
    for (const { vpcId, region } of Object.values(account.loadBalancers)) {
      if (vpcId !== '0') expect(account.vpcs[vpcId]?.region).toBe(region);
    }
    for (const { vpcId, subnetId, zone, privateIp, interfaces = [] } of Object.values(account.instances)) {
      const subnet = account.subnets[subnetId];
      expect(subnet).toMatchObject({ vpcId, zone });
      const [block = '', prefix] = subnet?.cidr.split('/') ?? [];
      const number = (address: string) =>
        address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
      const size = 2 ** (32 - Number(prefix));
      for (const ip of [privateIp, ...interfaces.flatMap(({ privateIps }) => privateIps)])
        expect(Math.floor(number(ip) / size) * size).toBe(number(block));
    }
  }
});

test.each(worlds)('%s: sub-users have unique UINs, and their policies exist', (_, world) => {
  const accounts = Object.values(world.accounts);
  const users = accounts.flatMap((account) =>
    Object.values(account.users).map((user) => ({ account, user })),
  );
  expect(doubles([...accounts.map(({ uin }) => uin), ...users.map(({ user }) => user.uin)])).toEqual([]);
  for (const { account, user } of users) {
    expect(listUserPolicies(account, user).map((policy) => policy.id)).toEqual(user.policyIds);
  }
});
