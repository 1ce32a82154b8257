import { type DnsPlan, getDnsPlan } from '@/lib/sandbox/model/dns/plans';
import { cloudTime } from '@/lib/sandbox/world/clock';
import type { WorldZone } from '../../world/dnspod';

/** The data from which both views of a zone are built. */
export type ZoneFacts = {
  readonly plan: DnsPlan;
  readonly isPaid: boolean;
  /** The servers that DNSPod assigned to the zone, without trailing dots. */
  readonly servers: readonly string[];
  readonly createdOn: string;
  readonly updatedOn: string;
  /** Set for a paid plan, else null. Assumption: bought with the zone, for two years. */
  readonly paidFrom: string | null;
  readonly paidUntil: string | null;
  readonly tags: { TagKey: string; TagValue: string }[];
};

const paidForMs = 730 * 86_400_000;

/** The default group of zones; the sandbox has no other. */
export const defaultGroupId = 1;
/** Default TTL of new records, in s. */
export const defaultTtlS = 600;

export function zoneFacts(zone: WorldZone): ZoneFacts {
  const plan = getDnsPlan(zone.grade);
  const isPaid = plan.price > 0;
  const changedAt = Math.max(zone.createdAt, ...zone.records.map((record) => record.updatedAt));
  return {
    plan,
    isPaid,
    servers: zone.records
      .filter((record) => record.defaultNs)
      .map((record) => record.value.replace(/\.$/, '')),
    createdOn: cloudTime(zone.createdAt),
    updatedOn: cloudTime(changedAt),
    paidFrom: isPaid ? cloudTime(zone.createdAt) : null,
    paidUntil: isPaid ? cloudTime(zone.createdAt + paidForMs) : null,
    tags: Object.entries(zone.tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
  };
}
