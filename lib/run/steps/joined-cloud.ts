import type { Cloud } from '@/lib/cloud/port';
import type { MeasuredRoute } from '@/lib/estate/measure';
import type { Owned } from '@/lib/estate/owner';
import type { Prober } from '@/lib/estate/probe';

/** The parts of a cloud that runs need. */
export type RunsCloud = Pick<Cloud, 'read' | 'write' | 'wait' | 'measure' | 'requestRate'>;

export type Accounts = {
  /** The plan's own connection. */
  readonly own: string;
  readonly cloudOf: (connectionId: string) => Cloud;
};

/** Groups routes by account. */
function byOwner(routes: readonly MeasuredRoute[], own: string): ReadonlyMap<string, MeasuredRoute[]> {
  const groups = new Map<string, MeasuredRoute[]>();
  for (const route of routes) {
    const owner = route.connectionId ?? own;
    groups.set(owner, [...(groups.get(owner) ?? []), route]);
  }
  return groups;
}

/** The highest of what is known; null where nothing is. */
function worst(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/**
 * Joins the clouds of a plan that spans accounts: each object is read and written in its own account. For a measure
 * taken in several accounts the worst value counts, as lower is better for each measure.
 */
export function joinedCloud({ own, cloudOf }: Accounts): RunsCloud {
  const cloudFor = ({ connectionId }: Owned) => cloudOf(connectionId ?? own);
  return {
    read: (ref) => cloudFor(ref).read(ref),
    async write(call, isUnchanged) {
      const { connectionId, ...plain } = call;
      const receipt = await cloudFor(call).write(plain, isUnchanged);
      return connectionId === undefined ? receipt : { ...receipt, connectionId };
    },
    wait: (receipt) => cloudFor(receipt).wait(receipt),
    async measure(measure, routes) {
      const groups = [...byOwner(routes, own)];
      const read = groups.map(([owner, some]) => cloudOf(owner).measure(measure, some));
      const measured = await Promise.all(read);
      return {
        value: worst(measured.map(({ value }) => value)),
        lagMs: worst(measured.map(({ lagMs }) => lagMs)),
      };
    },
    requestRate: (listener) => cloudFor(listener).requestRate(listener),
  };
}

/** Probes from the own connection; instance readiness is checked in the account of their function. */
export function joinedProber(own: string, proberOf: (connectionId: string) => Prober): Prober {
  return {
    probe: (probe) => {
      const owner = probe.kind === 'ready' ? (probe.connectionId ?? own) : own;
      return proberOf(owner).probe(probe);
    },
  };
}
