import { SplitDiversion } from '@/lib/diversion/diversion';
import { joinEstates } from '@/lib/estate/join-estates';
import { invariant } from '@/lib/invariant';
import { seedRecord } from '@/lib/sandbox/seeds/parts';
import { readSeedEstates } from './read-seed-estates';

/** Returns a Split whose zone and servers are in one account, and whose function is in another one. */
export async function twoAccounts() {
  const [own, other] = await readSeedEstates('flash-sale', ['ap-singapore', 'ap-jakarta'], ({ accounts }) => {
    for (const { zones } of Object.values(accounts))
      zones['example.my.id']?.records.push(
        seedRecord({ id: 9, subdomain: 'sale', type: 'A', value: '127.77.1.90', updatedAt: 0 }),
      );
  }).then((estates) => estates.toReversed());
  invariant(own !== undefined && other !== undefined, 'the seed has two accounts');
  const estate = joinEstates(own, [other]);
  const outlet = estate.rules.find((rule) => rule.domain === 'outlet.example.my.id');
  const balancer = estate.loadBalancers.find((lb) => lb.name === 'lb-sin-flash');
  const listener = estate.listeners.find((l) => l.loadBalancerId === balancer?.id && l.protocol === 'HTTP');
  const diversion = SplitDiversion.parse({
    kind: 'split',
    name: 'outlet sale',
    connections: [other.connectionId],
    routes: [
      {
        to: 'cvm',
        domain: 'outlet.example.my.id',
        addTargets: [],
        loadBalancerId: outlet?.loadBalancerId,
        listenerId: outlet?.listenerId,
        rule: { kind: 'existing', ruleId: outlet?.id },
      },
      {
        to: 'function',
        domain: 'sale.example.my.id',
        loadBalancerId: balancer?.id,
        listenerId: listener?.id,
        rule: { kind: 'new', url: '/' },
        function: { region: 'ap-singapore', namespace: 'flash', name: 'storefront', qualifier: '1' },
        expectedBody: 'Flash sale',
      },
    ],
  });
  return { estate, diversion };
}
