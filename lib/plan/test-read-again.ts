import type { Estate } from '@/lib/estate/model';
import type { Stock } from '@/lib/simulation/stock';

/** The estate as it would be read now. */
export function readAgain(estate: Estate, stock: Stock): Estate {
  const { rules, records, loadBalancers, listeners, provisioned } = stock;
  const functions = estate.functions.map((fn) => ({
    ...fn,
    provisioned: provisioned.map(({ qualifier, instances }) => ({
      ...{ qualifier, allocated: instances, available: instances },
      status: 'Done',
    })),
  }));
  const lists = { rules: [...rules], records: [...records], functions };
  return { ...estate, ...lists, loadBalancers: [...loadBalancers], listeners: [...listeners] };
}
