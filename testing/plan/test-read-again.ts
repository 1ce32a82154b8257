import type { Estate } from '@/lib/estate/model';
import type { Stock } from '@/testing/simulation/cloud/stock';

/** Returns the estate as a sync would read it now, with objects that a run has created since. */
export function readAgain(estate: Estate, stock: Stock): Estate {
  const { rules, records, loadBalancers, listeners, provisioned } = stock;
  const functions = estate.functions.map((fn) => ({
    ...fn,
    provisioned: provisioned.map(({ qualifier, instances }) => ({
      qualifier,
      allocated: instances,
      available: instances,
      status: 'Done',
    })),
  }));
  const lists = { rules: [...rules], records: [...records], functions };
  const ids = loadBalancers.map(({ id }) => id);
  const ownLoadBalancers = ids.filter((id) => !estate.loadBalancers.some((lb) => lb.id === id));
  const read = { loadBalancers: [...loadBalancers], listeners: [...listeners], ownLoadBalancers };
  return { ...estate, ...lists, ...read };
}
