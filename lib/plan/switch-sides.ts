import type { SwitchDiversion, SwitchSide } from '@/lib/diversion/switch';
import { addressRecordsOf, leadsTo } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import type { HttpProbe } from '@/lib/estate/probe';
import { laneProbe } from './lane-probe';
import { type ResolvedLane, resolveLane } from './resolve-lane';

/** Both sides of a Switch as the estate has them. */
export type Sides = Readonly<Record<SwitchSide, ResolvedLane>>;

/** The sides of a Switch; null where the estate lacks a part of one. */
export function sidesOf(estate: Estate, diversion: SwitchDiversion): Sides | null {
  const cvm = resolveLane(estate, diversion.laneA, 'laneA');
  const fn = resolveLane(estate, diversion.laneB, 'laneB');
  return cvm.ok && fn.ok ? { cvm: cvm.value, function: fn.value } : null;
}

export function otherSide(side: SwitchSide): SwitchSide {
  return side === 'cvm' ? 'function' : 'cvm';
}

/** The side whose records are on; the CVM side where both are, or none. */
export function servingSide(estate: Estate, sides: Sides): SwitchSide {
  const on = addressRecordsOf(estate, sides.cvm.hostName).filter((record) => record.enabled);
  const isOn = (side: SwitchSide) => on.some((record) => leadsTo(record, sides[side].loadBalancer));
  return !isOn('cvm') && isOn('function') ? 'function' : 'cvm';
}

/** The request that a side must answer through its own address; undefined where it has none. */
export function sideProbe(sides: Sides, side: SwitchSide, diversion: SwitchDiversion): HttpProbe | undefined {
  return laneProbe(sides[side], side === 'function' ? diversion.laneB.expectedBody : null);
}
