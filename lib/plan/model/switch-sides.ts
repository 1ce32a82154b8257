import type { RampStep, SwitchDiversion, SwitchSide } from '@/lib/diversion/switch';
import { getDnsTarget, isOtherFamily, leadsTo } from '@/lib/estate/dns-target';
import { listAddressRecords } from '@/lib/estate/look-up';
import type { DnsRecord, Estate, LoadBalancer } from '@/lib/estate/model';
import type { HttpProbe } from '@/lib/estate/probe';
import { type ResolvedRoute, resolveDiversion } from './resolve-route';
import { routeProbe } from './route-probe';

/** Both sides of a Switch in the estate, each by its first route. */
export type Sides = Readonly<Record<SwitchSide, ResolvedRoute>>;

/** Returns the sides of a Switch; null if the estate lacks a part of one. */
export function findSides(estate: Estate, diversion: SwitchDiversion): Sides | null {
  const found = resolveDiversion(estate, diversion);
  if (!found.ok) return null;
  const findSide = (side: SwitchSide) => found.value.resolved.find(({ route }) => route.to === side);
  const [cvm, fn] = [findSide('cvm'), findSide('function')];
  return cvm && fn ? { cvm, function: fn } : null;
}

export function otherSide(side: SwitchSide): SwitchSide {
  return side === 'cvm' ? 'function' : 'cvm';
}

/** Returns the side whose records are enabled; the CVM side if both are, or none. */
export function servingSide(estate: Estate, sides: Sides): SwitchSide {
  const on = listAddressRecords(estate, sides.cvm.hostName).filter((record) => record.enabled);
  const isOn = (side: SwitchSide) => on.some((record) => leadsTo(record, sides[side].loadBalancer));
  return !isOn('cvm') && isOn('function') ? 'function' : 'cvm';
}

/** Returns the request that a side must answer through its own address; undefined if it has none. */
export function sideProbe(sides: Sides, side: SwitchSide): HttpProbe | undefined {
  return routeProbe(sides[side]);
}

/** Returns whether a ramp moves the full share at once. */
export function isFlip(ramp: readonly Pick<RampStep, 'percent'>[]): boolean {
  return ramp.length === 1 && ramp[0]?.percent === 100;
}

/**
 * Returns the records that prevent a switch by weights and status: on some line, an enabled record has another type
 * than the gaining side's, and a CNAME can't coexist with other records at its name
 * (https://www.rfc-editor.org/rfc/rfc1034#section-3.6.2).
 */
export function excludingRecords(records: readonly DnsRecord[], gaining: LoadBalancer): readonly DnsRecord[] {
  const target = getDnsTarget(gaining);
  return records.filter((r) => r.enabled && !isOtherFamily(r, target) && r.type !== target?.type);
}
