import { isUnread } from '@/lib/estate/gaps';
import { findingsOf, sources } from './finding';
import { lanesOf } from './lanes';
import type { Check, Finding } from './model';

const { pass, warn, block, unknown } = findingsOf('dns-zone', sources.records);

/** Each domain's zone is in this account, on, and delegated to DNSPod: else moving its record moves nobody. */
export const checkDnsZone: Check = (input) =>
  lanesOf(input).map((lane): Finding => {
    const field = `${lane.prefix}.domain` as const;
    const { zone } = lane;
    if (zone === undefined) {
      const found = { field, objects: [lane.hostName], values: { domain: lane.hostName } };
      return isUnread(input.estate, 'dnspod')
        ? unknown({ ...found, why: 'unread' })
        : block({ ...found, why: 'missing' });
    }
    const found = { field, objects: [zone.name], values: { zone: zone.name } };
    if (!zone.enabled) return block({ ...found, why: 'off' });
    if (zone.delegated === false) return warn({ ...found, why: 'notDelegated' });
    if (zone.delegated === null) return unknown({ ...found, why: 'delegationUnknown' });
    return pass({ ...found, why: 'pass' });
  });
