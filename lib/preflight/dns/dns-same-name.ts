import type { RecordSetState } from '@/lib/estate/object';
import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check, Finding } from '@/lib/preflight/model/model';
import { type MovedName, movedNames, type WrittenSet } from '@/lib/preflight/model/record-sets';
import { routeFieldName } from '@/lib/preflight/model/routes';

const { pass, block, unknown } = createFindings('dns-same-name', sources.dnsPlans);

function enabledByType({ records }: RecordSetState): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { type, enabled } of records) if (enabled) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}

/**
 * Returns the highest number of enabled records of one type after any write of the set: a write that adds none is not
 * rejected.
 */
function countMost({ states }: WrittenSet): number {
  let most = 0;
  states.forEach((state, index) => {
    const before = states[index - 1];
    const old = before === undefined ? null : enabledByType(before);
    for (const [type, count] of enabledByType(state))
      if (old === null || count > (old.get(type) ?? 0)) most = Math.max(most, index === 0 ? 0 : count);
  });
  return most;
}

function findingOfName({ hostName, route, zone, sets }: MovedName): Finding {
  const count = Math.max(0, ...sets.map(countMost));
  const max = zone.sameNameMax;
  const values = { domain: hostName, plan: zone.grade, zone: zone.name, count, max: max ?? 0 };
  const found = { field: routeFieldName(route, 'domain'), objects: [hostName], values };
  // One is always accepted; a write that only changes existing records adds none.
  if (count <= 1) return pass({ ...found, why: 'alone' });
  if (max === null) return unknown({ ...found, why: 'unread' });
  return count > max ? block({ ...found, why: 'tooMany' }) : pass({ ...found, why: 'pass' });
}

/**
 * Checks that at no point of the plan more records of one name, type and line are enabled than the plan of the zone
 * allows (`LimitExceeded.SubdomainRollLimit`). The rollback passes through the same states.
 */
export const checkDnsSameName: Check = (input) => movedNames(input).map(findingOfName);
