/** Default quotas of an account, per region: https://www.tencentcloud.com/document/product/214/6187. */
export const quotas = {
  /** Public load balancers of a region: https://cloud.tencent.com/document/api/214/30692. */
  openLoadBalancers: 100,
  /** Private ones: the same page. */
  internalLoadBalancers: 100,
  listenersPerLoadBalancer: 50,
  rulesPerListener: 50,
  targetsPerRule: 100,
} as const;
