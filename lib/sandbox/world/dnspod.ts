/** What DNSPod keeps. Times are epoch milliseconds. */

export type WorldZone = {
  id: number;
  name: string;
  grade: string;
  minTtlS: number;
  /** Most enabled records of one name, type and line. */
  sameNameMax: number;
  enabled: boolean;
  dnsStatus: '' | 'DNSERROR';
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
  weight: number | null;
  mx: number;
  enabled: boolean;
  remark: string;
  /** One of the NS records that DNSPod itself puts at the apex. */
  defaultNs: boolean;
  /** Lists find it from then on; it is served and can be changed at once. */
  indexedAt: number;
  updatedAt: number;
};
