import { createProber } from '@/lib/cloud/probe/prober';
import { LoadBalancerId } from '@/lib/estate/ids';
import type { Matchable } from '@/lib/estate/match-rule';

type Owned = {
  readonly ports: readonly number[];
  readonly domain?: string;
  readonly network?: 'OPEN' | 'INTERNAL';
};

/** Creates a prober for an account with load balancers at these addresses; by default a sandbox. */
export function createTestProber(
  owned: Readonly<Record<string, Owned>>,
  {
    dns = null,
    vipNetwork = '127.0.0.0/8',
    rules = {},
  }: {
    dns?: string | null;
    vipNetwork?: string | null;
    /** By port. */
    rules?: Readonly<Record<number, readonly Matchable[]>>;
  } = {},
) {
  const connection = { dns, resolvers: [], vipNetwork, portOffset: 0, addresses: null, authority: null };
  return createProber(connection, {
    readyInstances: async () => 0,
    portRules: async (_, port) => rules[port] ?? null,
    addressOwner: async (address) => {
      const found = owned[address];
      if (found === undefined) return null;
      const { ports, domain = null, network = 'OPEN' } = found;
      return { id: LoadBalancerId.parse('lb-1'), region: 'ap-jakarta', network, domain, ports };
    },
  });
}
