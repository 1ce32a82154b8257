import type { Diversion } from '@/lib/diversion/diversion';
import type { Finding } from './model';

/** Fields of what a side stands on; its domain is that of both. */
const ofSide = /^routes\.(\d+)\.(loadBalancerId|listenerId|rule|addTargets|function|provisioned)$/;

function isOfLeftSide(diversion: Diversion, { field, check }: Finding): boolean {
  if (diversion.kind !== 'switch' || field === null) return false;
  const index = ofSide.exec(field)?.[1];
  const route = index === undefined ? undefined : diversion.routes[Number(index)];
  // A choice that isn't there leaves no plan at all.
  return route !== undefined && route.to !== diversion.toward && check !== 'choices';
}

/**
 * A finding as it weighs on a plan: a Switch writes nothing to the side that it leaves, and what is wrong there, or can't be
 * read, is the reason to leave it. It is shown, and stops nothing.
 */
export function weighed(diversion: Diversion, finding: Finding): Finding {
  if (!isOfLeftSide(diversion, finding)) return finding;
  if (finding.status === 'block') return { ...finding, status: 'warn' };
  return finding.status === 'unknown' ? { ...finding, isOfLeftSide: true } : finding;
}
