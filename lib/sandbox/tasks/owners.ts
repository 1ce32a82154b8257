import { err, ok, type Result } from '@/lib/result';
import type { WorldListener, WorldLoadBalancer } from '@/lib/sandbox/world/clb';
import type { WorldRecord, WorldZone } from '@/lib/sandbox/world/dnspod';
import type { OwnerFault } from '@/lib/sandbox/world/fault-spec';
import type { Faults } from '@/lib/sandbox/world/faults';
import type { AccountWorld } from '@/lib/sandbox/world/world';
import type { WorldStore } from '@/lib/sandbox/world/world-store';
import type { SandboxClock } from '../world/clock';
import type { TimedEvent, TimelineSource } from './timeline';

export type OwnersParts = {
  readonly clock: SandboxClock;
  readonly faults: Faults;
  readonly store: WorldStore;
  readonly newRequestId: () => string;
  /** Records a change by an owner in the audit trail of the account. */
  readonly audit: (account: AccountWorld, owner: string, object: string, requestId: string) => void;
  /** Called when an owner begins or ends. */
  readonly arm: () => void;
};

/** An object with an owner: a load balancer, or a host name with the records of its zone. */
type Owned =
  | { readonly kind: 'loadBalancer'; readonly account: AccountWorld; readonly id: string }
  | {
      readonly kind: 'name';
      readonly account: AccountWorld;
      readonly zone: string;
      readonly subdomain: string;
    };

/** The part of its object that an owner restores. */
type State = { readonly listeners: WorldListener[] } | { readonly records: WorldRecord[] };

type Owner = {
  readonly id: string;
  readonly spec: OwnerFault;
  readonly owned: Owned;
  /** The state that it restores, and its text to compare. */
  readonly kept: State;
  readonly text: string;
  dueAt: number | null;
};

/** The tags that each owner sets; Kubernetes': https://www.tencentcloud.com/document/product/457/37013. */
const ownerTags: Readonly<Record<OwnerFault['owner'], Readonly<Record<string, string>>>> = {
  tke: {
    'tke-createdBy-flag': 'yes',
    'tke-clusterId': 'cls-sandbox1',
    'tke-lb-serviceuuid': '5f1d7a52-0000-4000-8000-000000000001',
  },
  terraform: { 'managed-by': 'terraform' },
  protection: {},
  igtm: {},
  dMonitoring: {},
};

const forBalancers: readonly OwnerFault['owner'][] = ['tke', 'terraform', 'protection'];
const forNames: readonly OwnerFault['owner'][] = ['igtm', 'dMonitoring', 'terraform'];

const toHostName = (zone: string, subdomain: string) => (subdomain === '@' ? zone : `${subdomain}.${zone}`);

/**
 * Other programs that own objects of the account. Each marks its object as the real one does, and some time after any
 * change of it by others it restores the state that it found. Operation protection restores nothing: the API refuses
 * changes. Its mark ends with the fault.
 */
export class Owners implements TimelineSource {
  readonly #parts: OwnersParts;
  #owners: Owner[] = [];

  constructor(parts: OwnersParts) {
    this.#parts = parts;
  }

  /** Returns the object that an owner can have, or why it can't. */
  find({ owner, object, account: uin }: OwnerFault): Result<Owned, string> {
    for (const account of Object.values(this.#parts.store.world.accounts)) {
      if (uin !== undefined && account.uin !== uin) continue;
      if (Object.hasOwn(account.loadBalancers, object))
        return forBalancers.includes(owner)
          ? ok({ kind: 'loadBalancer', account, id: object })
          : err(`owner: ${owner} owns host names, not load balancers`);
      for (const zone of Object.values(account.zones)) {
        const record = zone.records.find(({ subdomain }) => toHostName(zone.name, subdomain) === object);
        if (record === undefined) continue;
        return forNames.includes(owner)
          ? ok({ kind: 'name', account, zone: zone.name, subdomain: record.subdomain })
          : err(`owner: ${owner} owns load balancers, not host names`);
      }
    }
    return err(`object: there is no load balancer or host name ${object}`);
  }

  /** Begins to own an object. @param id of the fault that injected it */
  add(id: string, spec: OwnerFault, owned: Owned): void {
    this.#mark(id, spec, owned);
    const kept = structuredClone(this.#state(owned));
    this.#owners.push({ id, spec, owned, kept, text: JSON.stringify(kept), dueAt: null });
    this.#parts.store.changed();
    this.#parts.arm();
  }

  remove(id: string): void {
    const owner = this.#owners.find((each) => each.id === id);
    if (owner === undefined) return;
    this.#owners = this.#owners.filter((each) => each !== owner);
    this.#unmark(owner);
    this.#parts.store.changed();
    this.#parts.arm();
  }

  next(): number | null {
    let next: number | null = null;
    for (const owner of this.#owners) {
      if (owner.spec.owner === 'protection') continue;
      if (JSON.stringify(this.#state(owner.owned)) === owner.text) owner.dueAt = null;
      else owner.dueAt ??= this.#parts.clock.now() + owner.spec.afterMs;
      if (owner.dueAt !== null && (next === null || owner.dueAt < next)) next = owner.dueAt;
    }
    return next;
  }

  due(now: number): readonly TimedEvent[] {
    return this.#owners.flatMap((owner) =>
      owner.dueAt === null || owner.dueAt > now
        ? []
        : [{ at: owner.dueAt, fire: () => this.#restore(owner) }],
    );
  }

  #restore(owner: Owner): void {
    const { account, kind } = owner.owned;
    const now = this.#parts.clock.now();
    const busy = kind === 'loadBalancer' ? busyUntil(account, owner.owned.id, now) : null;
    if (busy !== null) {
      owner.dueAt = Math.max(busy, now + 1);
      return;
    }
    owner.dueAt = null;
    const kept = structuredClone(owner.kept);
    if (owner.owned.kind === 'loadBalancer') {
      const loadBalancer = account.loadBalancers[owner.owned.id];
      if (loadBalancer && 'listeners' in kept) loadBalancer.listeners = kept.listeners;
    } else {
      const { zone: name, subdomain } = owner.owned;
      const zone = account.zones[name];
      if (zone && 'records' in kept) {
        const others = zone.records.filter((each) => each.subdomain !== subdomain);
        zone.records = [...others, ...kept.records];
      }
    }
    const requestId = this.#parts.newRequestId();
    this.#parts.audit(account, owner.spec.owner, owner.spec.object, requestId);
    this.#parts.faults.hit(owner.id, { action: 'restored', requestId });
  }

  #state(owned: Owned): State {
    if (owned.kind === 'name') return { records: listRecords(owned) };
    return { listeners: owned.account.loadBalancers[owned.id]?.listeners ?? [] };
  }

  #tagged(owned: Owned): WorldLoadBalancer | WorldZone | undefined {
    const { loadBalancers, zones } = owned.account;
    return owned.kind === 'loadBalancer' ? loadBalancers[owned.id] : zones[owned.zone];
  }

  #mark(id: string, { owner }: OwnerFault, owned: Owned): void {
    const { account } = owned;
    const tagged = this.#tagged(owned);
    if (tagged) Object.assign(tagged.tags, ownerTags[owner]);
    if (owner === 'protection' && owned.kind === 'loadBalancer') {
      const loadBalancer = account.loadBalancers[owned.id];
      const modifiedAt = this.#parts.clock.now();
      const operationProtection = { operatorUin: account.uin, description: 'set by a fault', modifiedAt };
      if (loadBalancer) loadBalancer.operationProtection = operationProtection;
    }
    if (owned.kind !== 'name') return;
    if (owner === 'dMonitoring') for (const record of listRecords(owned)) record.monitored = true;
    if (owner !== 'igtm') return;
    const { zone, subdomain } = owned;
    account.igtm ??= {};
    account.igtm[`gtm-${id}`] = {
      id: `gtm-${id}`,
      name: `igtm-${subdomain}`,
      domain: toHostName(zone, subdomain),
      accessDomain: zone,
      accessSubdomain: subdomain,
      enabled: true,
      createdAt: this.#parts.clock.now(),
    };
  }

  #unmark({ id, spec: { owner }, owned }: Owner): void {
    const { account } = owned;
    const tagged = this.#tagged(owned);
    for (const key of Object.keys(ownerTags[owner])) if (tagged) delete tagged.tags[key];
    if (owned.kind === 'name') {
      if (owner === 'dMonitoring') for (const record of listRecords(owned)) delete record.monitored;
      delete account.igtm?.[`gtm-${id}`];
      return;
    }
    const loadBalancer = account.loadBalancers[owned.id];
    if (owner === 'protection' && loadBalancer) delete loadBalancer.operationProtection;
  }
}

function listRecords({ account, zone, subdomain }: Extract<Owned, { kind: 'name' }>): WorldRecord[] {
  return (account.zones[zone]?.records ?? []).filter((record) => record.subdomain === subdomain);
}

const recheckMs = 1000;

/** Returns until when tasks keep a load balancer busy, in epoch milliseconds; null = it is free. */
function busyUntil({ tasks }: AccountWorld, id: string, now: number): number | null {
  const ends = Object.values(tasks)
    .filter((task) => task.outcome === 'running' && task.loadBalancerIds.includes(id))
    .map((task) => task.endsAt ?? now + recheckMs);
  return ends.length === 0 ? null : Math.max(...ends);
}
