import { scfBindingSupport } from '@/lib/estate/regions';
import { findingsOf, sources } from './finding';
import type { Check, Finding } from './model';
import { fieldOf, functionRoutesOf } from './routes';
import { suggestLoadBalancer } from './suggest';

const { pass, warn, block } = findingsOf('region', sources.binding);

/** Checks that the load balancer's region supports binding functions. */
export const checkRegion: Check = (input) =>
  functionRoutesOf(input).map((route): Finding => {
    const { id, name, region } = route.loadBalancer;
    const found = {
      field: fieldOf(route, 'loadBalancerId'),
      objects: [id],
      values: { region, name },
    } as const;
    const support = scfBindingSupport(region);
    if (support === 'supported') return pass({ ...found, why: 'pass' });
    const fix = suggestLoadBalancer(input, route);
    return support === 'older-docs'
      ? warn({ ...found, why: 'olderDocs', fix })
      : block({ ...found, why: 'unsupported', fix });
  });
