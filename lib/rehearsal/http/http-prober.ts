import type { CloudConnection } from '@/lib/cloud/connection';
import type { AddressOwner, Cloud } from '@/lib/cloud/port';
import { createProber } from '@/lib/cloud/probe/prober';
import { LoadBalancerId } from '@/lib/estate/ids';
import type { Prober } from '@/lib/estate/probe';
import { invariant } from '@/lib/invariant';
import type { Plan } from '@/lib/plan/model/model';
import type { World } from '@/lib/sandbox/world/world';
import type { FastClock } from './fast-clock';

/** Finds the load balancer of the copy that has an address or a name of its own. */
export function findOwner(world: World, asked: string): AddressOwner | null {
  for (const { loadBalancers } of Object.values(world.accounts))
    for (const { id, region, type, domain, vips, ipv6, listeners } of Object.values(loadBalancers)) {
      const isIt = vips.includes(asked) || ipv6 === asked || (domain !== null && domain === asked);
      if (isIt)
        return {
          id: LoadBalancerId.parse(id),
          region,
          network: type,
          domain: domain ?? null,
          ports: listeners.map(({ port }) => port),
        };
    }
  return null;
}

/**
 * Creates the probes of a rehearsal over HTTP: those of a run, to the addresses of the copy, which has one name server, so
 * that no other is asked.
 */
export function createHttpProber(
  plan: Pick<Plan, 'connectionId'>,
  parts: {
    readonly connections: readonly CloudConnection[];
    readonly world: () => World;
    readonly cloudOf: (connectionId: string) => Cloud;
    readonly clock: FastClock;
  },
): Prober {
  const { connections, world, cloudOf, clock } = parts;
  const [own] = connections;
  invariant(own !== undefined, 'a snapshot has an account');
  const prober = createProber(
    own,
    {
      readyInstances: (of) => cloudOf(of.connectionId ?? plan.connectionId).readyInstances(of),
      addressOwner: async (address) => findOwner(world(), address),
    },
    async (address) => findOwner(world(), address),
  );
  return {
    probe: (probe) =>
      clock.duringCall(() => {
        if (probe.kind !== 'http') return prober.probe(probe);
        const { resolver: _, ...asked } = probe;
        return prober.probe(asked);
      }),
  };
}
