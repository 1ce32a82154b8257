import { type Diversion, SplitDiversion } from '@/lib/diversion/diversion';
import { invariant } from '@/lib/invariant';
import { published, seedRecord } from '@/lib/sandbox/seeds/parts';
import type { AccountWorld } from '@/lib/sandbox/world/world';
import { testAccess } from '@/testing/diversion/test-access';
import { testSplitDiversion } from '@/testing/diversion/test-split';

/** A diversion and its account; its plan has the steps to interrupt. */
export type KillShape = {
  readonly diversion: Diversion;
  /** @param small the first account of the small seed */
  readonly model: (small: AccountWorld) => AccountWorld;
};

function changed(small: AccountWorld, change: (account: AccountWorld) => void): AccountWorld {
  const account = structuredClone(small);
  account.users = {};
  change(account);
  return account;
}

function findZone(account: AccountWorld) {
  const zone = account.zones['example.com'];
  invariant(zone !== undefined, 'the small seed has the zone');
  return zone;
}

/**
 * A plan with an additional target, a rule with its function, and a name that moves on its three lines: by value, by
 * type, and by status.
 */
const split: KillShape = {
  diversion: SplitDiversion.parse({
    ...testSplitDiversion,
    routes: testSplitDiversion.routes.map((route) =>
      route.to === 'cvm'
        ? { ...route, addTargets: [{ instanceId: 'ins-web00001', port: 8081, weight: 10 }] }
        : route,
    ),
  }),
  model: (small) =>
    changed(small, (account) => {
      const zone = findZone(account);
      const of = { subdomain: 'sale', ttlS: 1, updatedAt: zone.createdAt };
      const [, toFunction] = Object.values(account.loadBalancers).flatMap((each) => each.vips);
      const [toServers] = zone.records.filter((each) => each.subdomain === 'sale').map((each) => each.value);
      invariant(toServers !== undefined && toFunction !== undefined, 'the small seed has both addresses');
      const mainland = { line: '境内', lineId: '7=0' };
      const abroad = { line: '境外', lineId: '3=0' };
      zone.records.push(
        seedRecord({ ...of, ...mainland, id: 500_000_003, type: 'CNAME', value: 'shop.example.com.' }),
        seedRecord({ ...of, ...abroad, id: 500_000_004, type: 'A', value: toServers }),
        seedRecord({ ...of, ...abroad, id: 500_000_005, type: 'A', value: toFunction, enabled: false }),
      );
    }),
};

/**
 * A function that is already bound, and a name without a record. The plan has no other steps: if it had something to
 * unbind, the rollback would wait for the TTL of a new record, ten minutes.
 */
const name: KillShape = {
  diversion: testSplitDiversion,
  model: (small) =>
    changed(small, (account) => {
      const zone = findZone(account);
      zone.records = zone.records.filter((each) => each.subdomain !== 'sale');
      const [rule] = account.loadBalancers['lb-scf00001']?.listeners[0]?.rules ?? [];
      invariant(rule !== undefined, 'the small seed has a rule to bind to');
      const qualifierType = 'VERSION';
      Object.assign(rule, {
        domain: 'sale.example.com',
        functions: [{ namespace: 'default', name: 'hello', qualifier: '$LATEST', qualifierType, weight: 10 }],
      });
    }),
};

/** A new load balancer with its listener, provisioned concurrency, and a TTL that is lowered first. */
const access: KillShape = {
  diversion: testAccess,
  model: (small) =>
    changed(small, (account) => {
      for (const [key, fn] of Object.entries(account.functions)) account.functions[key] = published(fn);
      for (const each of findZone(account).records) if (each.subdomain === 'sale') each.ttlS = 3;
    }),
};

export const killShapes = { split, name, access } as const;
