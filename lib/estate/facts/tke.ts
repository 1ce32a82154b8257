import type { LoadBalancer } from '@/lib/estate/model';

/** The marks of Kubernetes (TKE) on a load balancer. */
export type TkeMarks = {
  /**
   * `managed`: a Service or Ingress of the cluster owns it, whose controller resets what others change. `stale`: it has
   * only the cluster's id, which TKE leaves on load balancers that it once used.
   */
  readonly state: 'managed' | 'stale';
  /** The id of the cluster; '' = not named. */
  readonly cluster: string;
};

/**
 * Returns the marks of TKE on a load balancer; null = none. Tags: https://www.tencentcloud.com/document/product/457/37013
 * and 457/36835; what the controller resets: https://www.tencentcloud.com/document/product/457/34022.
 */
export function findTkeMarks({ tags }: Pick<LoadBalancer, 'tags'>): TkeMarks | null {
  const cluster = tags['tke-clusterId'] ?? '';
  if (tags['tke-createdBy-flag'] === 'yes' || 'tke-lb-serviceuuid' in tags)
    return { state: 'managed', cluster };
  return cluster === '' ? null : { state: 'stale', cluster };
}
