import { isUnread } from '@/lib/estate/gaps';
import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check, Finding } from '@/lib/preflight/model/model';
import { routeFieldName, routesByName } from '@/lib/preflight/model/routes';

const { pass, warn, block, unknown } = createFindings('dns-zone', sources.records);

/**
 * Checks that each domain's zone is in this account, enabled, and delegated to DNSPod: otherwise moving its record
 * moves no client. A function can be published on a name whose DNS is elsewhere: a person must point it there.
 */
export const checkDnsZone: Check = (input) =>
  routesByName(input).flatMap(([route]): readonly Finding[] => {
    if (route === undefined) return [];
    const field = routeFieldName(route, 'domain');
    const { zone, hostName, loadBalancer } = route;
    if (zone === undefined) {
      const values = { domain: hostName, name: loadBalancer.name };
      const found = { field, objects: [hostName], values };
      if (isUnread(input.estate, 'dnspod')) return [unknown({ ...found, why: 'unread' })];
      return [
        input.diversion.kind === 'access'
          ? warn({ ...found, why: 'elsewhere' })
          : block({ ...found, why: 'missing' }),
      ];
    }
    const found = { field, objects: [zone.name], values: { zone: zone.name } };
    if (!zone.enabled) return [block({ ...found, why: 'off' })];
    if (zone.delegated === false) return [warn({ ...found, why: 'notDelegated' })];
    if (zone.delegated === null) return [unknown({ ...found, why: 'delegationUnknown' })];
    return [pass({ ...found, why: 'pass' })];
  });
