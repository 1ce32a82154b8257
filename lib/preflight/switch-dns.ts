import { addressRecordsOf, dnsTargetOf } from '@/lib/estate/look-up';
import { recordKey } from '@/lib/estate/object';
import { excludingRecords } from '@/lib/plan/diff-switch-dns';
import { findingsOf, sources } from './finding';
import type { Check, Finding } from './model';
import { fieldOf } from './routes';

const { pass, block, warn } = findingsOf('switch-dns', sources.weights);

/**
 * A Switch moves shares by the weights and status of records that stand beside each other, which a CNAME and an address
 * can't; and a ramp needs weights, which not every DNS plan has: no answer of the cloud says which, but a record of the zone that
 * has one shows it.
 */
export const checkSwitchDns: Check = ({ diversion, estate, routes }): readonly Finding[] => {
  if (diversion.kind !== 'switch') return [];
  const gaining = routes.find(({ route }) => route.to === diversion.toward);
  if (gaining?.zone === undefined || dnsTargetOf(gaining.loadBalancer) === undefined) return [];
  const records = addressRecordsOf(estate, gaining.hostName).filter((r) => r.zone === gaining.zone?.name);
  const others = excludingRecords(records, gaining.loadBalancer);
  const record = others.map(recordKey).join(', ');
  const values = { domain: gaining.hostName, record, plan: gaining.zone.grade };
  const objects = others.map(({ id }) => String(id));
  const found = { field: fieldOf(gaining, 'domain'), objects, values };
  if (others.length > 0) return [block({ ...found, why: 'types' })];
  const isWeighted = estate.records.some((r) => r.zone === gaining.zone?.name && (r.weight ?? 0) > 0);
  const isRamp = diversion.ramp.length > 1 || diversion.ramp[0]?.percent !== 100;
  if (!isRamp) return [pass({ ...found, why: 'pass' })];
  if (isWeighted) return [pass({ ...found, why: 'weighted' })];
  // Once only paid plans had them; no document of today says.
  const isFree = /free/i.test(values.plan);
  return [isFree ? warn({ ...found, why: 'weightsFree' }) : warn({ ...found, why: 'weights' })];
};
