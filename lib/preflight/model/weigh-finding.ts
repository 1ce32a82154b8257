import { isSameOutage } from '@/lib/diversion/acknowledgement';
import type { Diversion } from '@/lib/diversion/diversion';
import type { Finding } from './model';

/** Fields of a side's own objects; the domain belongs to both sides. */
const ofSide = /^routes\.(\d+)\.(loadBalancerId|listenerId|rule|addTargets|function|provisioned)$/;

function isOfOldSide(diversion: Diversion, { field, check }: Finding): boolean {
  if (diversion.kind !== 'switch' || field === null) return false;
  const index = ofSide.exec(field)?.[1];
  const route = index === undefined ? undefined : diversion.routes[Number(index)];
  // A missing choice leaves no plan at all.
  return route !== undefined && route.to !== diversion.toward && check !== 'choices';
}

/**
 * Weighs a finding for a plan. A Switch writes nothing to the side that it leaves, and a problem or unreadable part
 * there is the reason to leave it. It is shown, and blocks nothing. An acknowledged outage is a warning.
 */
export function weighed(diversion: Diversion, finding: Finding): Finding {
  if (!isOfOldSide(diversion, finding)) return withAcknowledgement(diversion, finding);
  if (finding.status === 'block') {
    const { acknowledgement: _nothingToAcknowledge, ...warned } = finding;
    return { ...warned, status: 'warn' };
  }
  return finding.status === 'unknown' ? { ...finding, isOfOldSide: true } : finding;
}

function withAcknowledgement({ acknowledged }: Diversion, finding: Finding): Finding {
  const own = finding.acknowledgement;
  return own !== undefined && acknowledged.some((each) => isSameOutage(each, own))
    ? { ...finding, status: 'warn', isAcknowledged: true }
    : finding;
}

/**
 * Returns a diversion with only those of its acknowledgements that accept one of its findings. Others, as those of a
 * Switch's other direction, would mark a run with an outage that it does not cause.
 */
export function withUsedAcknowledgements<D extends Diversion>(diversion: D, findings: readonly Finding[]): D {
  const used = findings.flatMap(({ acknowledgement, isAcknowledged }) =>
    acknowledgement !== undefined && isAcknowledged ? [acknowledgement] : [],
  );
  const acknowledged = diversion.acknowledged.filter((each) => used.some((own) => isSameOutage(each, own)));
  return { ...diversion, acknowledged };
}
