import { findTkeMarks } from '@/lib/estate/facts/tke';
import { createFindings } from '@/lib/preflight/model/finding';
import type { Check, Finding } from '@/lib/preflight/model/model';
import { writtenBalancers } from '@/lib/preflight/model/written-balancers';

const { pass, block, outage } = createFindings(
  'tke-owner',
  'https://www.tencentcloud.com/document/product/457/34022',
);

/**
 * Checks that no plan writes to a load balancer that Kubernetes (TKE) manages: its controller resets listeners,
 * targets, certificates and listener names that others set. One that only has the id of a cluster blocks until an
 * operator confirms that the cluster no longer uses it.
 */
export const checkTkeOwner: Check = (input) => {
  const written = writtenBalancers(input);
  const findings = written.flatMap(({ loadBalancer, field, hostName }): readonly Finding[] => {
    const marks = findTkeMarks(loadBalancer);
    if (marks === null) return [];
    const { id, name } = loadBalancer;
    const { state, cluster } = marks;
    const found = { field, objects: [id], values: { name, cluster: cluster === '' ? 'none' : cluster } };
    if (state === 'managed' || hostName === null) return [block({ ...found, why: 'managed' })];
    return [outage({ ...found, why: 'stale', domain: hostName, loss: `TKE ${cluster} ${name}` })];
  });
  if (findings.length > 0 || written.length === 0) return findings;
  const objects = written.map(({ loadBalancer }) => loadBalancer.id);
  return [pass({ field: null, objects, why: 'pass' })];
};
