import { addressRecordsOf, dnsTargetOf } from '@/lib/estate/look-up';
import { recordKey } from '@/lib/estate/object';
import { excludingRecords } from '@/lib/plan/diff-switch-dns';
import { findingsOf, sources } from './finding';
import { lanesOf } from './lanes';
import type { Check, Finding } from './model';

const { pass, block, warn } = findingsOf('switch-dns', sources.weights);

/**
 * A Switch moves shares by the weights and status of records that stand beside each other, which a CNAME and an address
 * can't; and a ramp needs weights, which not every DNS plan has.
 */
export const checkSwitchDns: Check = (input): readonly Finding[] => {
  const { diversion, estate } = input;
  if (diversion.kind !== 'switch') return [];
  const gains = diversion.toward === 'function' ? 'laneB' : 'laneA';
  const lane = lanesOf(input).find(({ prefix }) => prefix === gains);
  if (lane?.zone === undefined || dnsTargetOf(lane.loadBalancer) === undefined) return [];
  const records = addressRecordsOf(estate, lane.hostName).filter((r) => r.zone === lane.zone?.name);
  const field = `${gains}.domain` as const;
  const others = excludingRecords(records, lane.loadBalancer);
  const values = { domain: lane.hostName, record: others.map(recordKey).join(', '), plan: lane.zone.grade };
  const found = { field, objects: others.map((record) => String(record.id)), values };
  if (others.length > 0) return [block({ ...found, why: 'types' })];
  const isRamp = diversion.ramp.length > 1 || diversion.ramp[0]?.percent !== 100;
  return [isRamp ? warn({ ...found, why: 'weights' }) : pass({ ...found, why: 'pass' })];
};
