/** The data of DNSPod. Times are epoch milliseconds. */

/**
 * Code of a plan, as a zone has it:
 * github.com/TencentCloud/tencentcloud-cli, tccli/examples/dnspod/v20210323/DescribePackageDetail.md.
 */
export type PlanName =
  | 'D_FREE'
  | 'D_PLUS'
  | 'D_EXTRA'
  | 'D_EXPERT'
  | 'D_ULTRA'
  | 'DP_FREE'
  | 'DP_PLUS'
  | 'DP_EXTRA'
  | 'DP_EXPERT'
  | 'DP_ULTRA';

export type WorldZone = {
  id: number;
  name: string;
  /** Minimum TTL, records of one name, levels: `services/dnspod/plans.ts`. */
  grade: PlanName;
  enabled: boolean;
  /** A locked zone can't be changed. */
  locked: boolean;
  starred: boolean;
  dnsStatus: '' | 'DNSERROR';
  remark: string;
  tags: Record<string, string>;
  createdAt: number;
  records: WorldRecord[];
};

export type WorldRecord = {
  id: number;
  subdomain: string;
  type: string;
  value: string;
  line: string;
  lineId: string;
  ttlS: number;
  /** null = not set, which is also the meaning of the API's 0. */
  weight: number | null;
  mx: number;
  enabled: boolean;
  remark: string;
  /** True for the NS records that DNSPod itself creates at the apex. */
  defaultNs: boolean;
  /** The time from which lists include it; it is served and can be changed at once. */
  indexedAt: number;
  updatedAt: number;
  /** True if D-monitoring watches it; absent = not. */
  monitored?: boolean;
  /** Times at which it was last modified without a change, if that is limited. */
  unchangedAt?: number[];
};

/** An instance of IGTM, which edits the records of its access name. */
export type WorldIgtmInstance = {
  id: string;
  name: string;
  /** The host name that clients use. */
  domain: string;
  /** The zone and the subdomain of the name that it answers for. */
  accessDomain: string;
  accessSubdomain: string;
  enabled: boolean;
  createdAt: number;
};
