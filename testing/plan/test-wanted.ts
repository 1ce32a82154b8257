import { expect } from 'vitest';
import type { Diversion } from '@/lib/diversion/diversion';
import type { Route } from '@/lib/diversion/route';
import { functionRoutes } from '@/lib/diversion/routes';
import { getDnsTarget, isOtherFamily, leadsTo } from '@/lib/estate/dns-target';
import { findListener, listAddressRecords } from '@/lib/estate/look-up';
import type { DnsRecord, Estate, LoadBalancer } from '@/lib/estate/model';
import { targetText } from '@/lib/estate/target';
import { findDnsChange } from '@/lib/plan/model/dns-change';
import { provisionableVersion } from '@/lib/plan/model/function-choice';
import { excludingRecords, isFlip } from '@/lib/plan/model/switch-sides';
import { countInstances, matchesName, type Stock } from '@/testing/simulation/cloud/stock';

/* Checks the required end state of a diversion, derived only from the diversion and the estate before it. */

/** Returns the routes of the side that gains traffic. */
function gainingRoutes(diversion: Diversion): readonly Route[] {
  return diversion.routes.filter(({ to }) => diversion.kind !== 'switch' || to === diversion.toward);
}

/** Returns the load balancer of a route: an existing one, or the one created under its name. */
function findLoadBalancer(stock: Stock, { creates }: Diversion, route: Route): LoadBalancer {
  const made = creates.loadBalancers.find(({ id }) => id === route.loadBalancerId);
  const found = made
    ? matchesName(stock, made)
    : stock.loadBalancers.filter(({ id }) => id === route.loadBalancerId);
  expect(found).toHaveLength(1);
  const [only] = found;
  if (only === undefined) throw new Error('it has just been counted');
  if (made) expect(only).toMatchObject({ network: made.network, vpcId: made.vpcId, status: 'running' });
  return only;
}

function expectRoute(before: Estate, after: Stock, diversion: Diversion, route: Route): void {
  const loadBalancer = findLoadBalancer(after, diversion, route);
  const made = diversion.creates.listeners.find(({ id }) => id === route.listenerId);
  const port = made?.port ?? findListener(before, route.loadBalancerId, route.listenerId)?.port;
  const listeners = after.listeners.filter(
    (each) => each.loadBalancerId === loadBalancer.id && each.port === port,
  );
  expect(listeners).toHaveLength(1);
  const choice = route.rule;
  const old = before.rules.find((rule) =>
    choice.kind === 'new'
      ? rule.listenerId === route.listenerId && rule.domain === route.domain && rule.url === choice.url
      : rule.id === choice.ruleId,
  );
  const url = choice.kind === 'new' ? choice.url : old?.url;
  const rules = after.rules.filter(
    (rule) => rule.listenerId === listeners[0]?.id && rule.domain === route.domain && rule.url === url,
  );
  expect(rules).toHaveLength(1);
  const [rule] = rules;
  const oldTargets = (old?.targets ?? []).map(targetText);
  const targets = rule?.targets.map(targetText).sort();
  if (route.to === 'cvm') {
    const added = route.addTargets.map(targetText);
    expect(targets).toEqual([...new Set([...oldTargets, ...added])].sort());
    return;
  }
  const { namespace, name, qualifier } = route.function;
  expect(rule?.functions).toMatchObject([{ namespace, name, qualifier }]);
  expect(targets).toEqual(choice.kind === 'swap' ? [] : oldTargets.sort());
}

/**
 * Expects each version to have as many warm instances as the most demanding route requests, and never fewer than
 * before.
 */
function expectWarm(before: Estate, beforeStock: Stock, after: Stock, diversion: Diversion): void {
  const wanted = new Map<string, number>();
  for (const { route } of functionRoutes({ routes: [...gainingRoutes(diversion)] })) {
    const version = provisionableVersion(before, route.function);
    if (route.provisioned === null || version === null) continue;
    wanted.set(version, Math.max(wanted.get(version) ?? 0, route.provisioned));
  }
  for (const { region, namespace, name, versions } of before.functions)
    for (const qualifier of versions) {
      const ref = { region, namespace, name, qualifier };
      const instances = Math.max(countInstances(beforeStock, ref), wanted.get(qualifier) ?? 0);
      expect(countInstances(after, ref)).toBe(instances);
    }
}

const isAddress = (record: DnsRecord, loadBalancer: LoadBalancer) =>
  !isOtherFamily(record, getDnsTarget(loadBalancer));

/** Returns the share of a load balancer among the answers of a line, in %. */
function recordShare(records: readonly DnsRecord[], loadBalancer: LoadBalancer): number {
  const on = records.filter((record) => record.enabled && isAddress(record, loadBalancer));
  const weigh = (some: readonly DnsRecord[]) => some.reduce((sum, { weight }) => sum + (weight ?? 1), 0);
  const own = on.filter((record) => leadsTo(record, loadBalancer));
  return on.length === own.length ? 100 : (weigh(own) / weigh(on)) * 100;
}

function groupByLine(records: readonly DnsRecord[]): ReadonlyMap<string, readonly DnsRecord[]> {
  const lineIds = new Set(records.map(({ lineId }) => lineId));
  return new Map([...lineIds].map((id) => [id, records.filter(({ lineId }) => lineId === id)]));
}

/** Returns whether no single call can point a name at a load balancer. */
function isStuck(diversion: Diversion, records: readonly DnsRecord[], loadBalancer: LoadBalancer): boolean {
  const byShares = diversion.kind === 'switch' && !isFlip(diversion.ramp);
  return byShares
    ? excludingRecords(records, loadBalancer).length > 0
    : [...groupByLine(records).values()].some((line) => findDnsChange(line, loadBalancer).kind === 'taken');
}

/** Expects the name to point at its destination on each of its lines, with the same TTL and disabled records. */
function expectName(before: Estate, after: Stock, diversion: Diversion, route: Route): void {
  const loadBalancer = findLoadBalancer(after, diversion, route);
  const old = listAddressRecords(before, route.domain);
  const now = listAddressRecords({ records: [...after.records] }, route.domain);
  if (isStuck(diversion, old, loadBalancer)) {
    expect(now.toSorted((a, b) => a.id - b.id)).toEqual(old.toSorted((a, b) => a.id - b.id));
    return;
  }
  const wanted = diversion.kind === 'switch' ? (diversion.ramp.at(-1)?.percent ?? 100) : 100;
  const oldLines = groupByLine(old);
  expect(now.length).toBeGreaterThan(0);
  for (const [lineId, line] of groupByLine(now)) {
    const share = recordShare(line, loadBalancer);
    const was = oldLines.get(lineId) ?? [];
    const others = was.filter((r) => r.enabled && isAddress(r, loadBalancer) && !leadsTo(r, loadBalancer));
    if (others.length === 0) expect(share).toBe(100);
    else expect(Math.abs(share - wanted)).toBeLessThan(2);
    for (const record of was) {
      const same = line.find(({ id }) => id === record.id);
      if (same !== undefined) expect(same.ttlS).toBe(record.ttlS);
      if (diversion.kind !== 'switch') expect(same).toBeDefined();
      if (!record.enabled && !leadsTo(record, loadBalancer)) expect(same).toEqual(record);
    }
  }
}

/** Expects the complete end state of a diversion. */
export function expectWanted(
  before: { readonly estate: Estate; readonly stock: Stock },
  after: Stock,
  diversion: Diversion,
): void {
  const routes = gainingRoutes(diversion);
  for (const route of routes) expectRoute(before.estate, after, diversion, route);
  expectWarm(before.estate, before.stock, after, diversion);
  for (const route of routes) expectName(before.estate, after, diversion, route);
}
