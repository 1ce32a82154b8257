/** What DNSPod keeps. Times are epoch milliseconds. */

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
  /** Least TTL, records of one name, levels: `services/dnspod/plans.ts`. */
  grade: PlanName;
  enabled: boolean;
  /** A locked zone takes no change. */
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
  /** null = not set, which is what the API's 0 means as well. */
  weight: number | null;
  mx: number;
  enabled: boolean;
  remark: string;
  /** One of the NS records that DNSPod itself puts at the apex. */
  defaultNs: boolean;
  /** Lists find it from then on; it is served and can be changed at once. */
  indexedAt: number;
  updatedAt: number;
  /** When it was last modified without becoming different, where that is limited. */
  unchangedAt?: number[];
};

/** A ModifyRecordBatch whose task has run; until then, and when it fails, it stands in its task alone. */
export type WorldRecordJob = {
  id: number;
  createdAt: number;
  records: { id: number; zone: string }[];
  /** By record id, why it was not changed. */
  errors: Record<string, string>;
};
