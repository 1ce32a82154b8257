import type { PlanName } from '@/lib/sandbox/world/dnspod';

/** The limits and features of a plan. */
export type DnsPlan = {
  /** As DescribePackageDetail spells it (`DP_Free`); zones have it in upper case. */
  readonly code: string;
  readonly title: string;
  readonly level: number;
  /** Yuan per year; 0 = free. */
  readonly price: number;
  /** The number of times that the plan may be moved to another domain. */
  readonly moves: number;
  readonly minTtlS: number;
  /** Maximum of enabled records of one name, type and line. */
  readonly sameNameMax: number;
  /** Maximum of labels of a host record, with and without a wildcard. */
  readonly levelMax: number;
  readonly wildcardLevelMax: number;
  readonly serverRegions: string;
  readonly servers: readonly string[];
};

type Row = readonly [
  code: string,
  title: string,
  level: number,
  price: number,
  moves: number,
  minTtlS: number,
  sameNameMax: number,
  levelMax: number,
  serverRegions: string,
  servers: readonly [string, string],
];

/**
 * The plans in the official example of DescribePackageDetail, in its order (github.com/TencentCloud/tencentcloud-cli,
 * tccli/examples/dnspod/v20210323/DescribePackageDetail.md). It has the same figure for both kinds of levels.
 */
const rows: Readonly<Record<PlanName, Row>> = {
  D_FREE: ['D_Free', '免费版', 1, 0, 0, 120, 4, 3, '8 个', ['s4g2m.dnspod.net', 'g8y9f.dnspod.net']],
  D_PLUS: ['D_Plus', '个人豪华版', 4, 698, 0, 1, 8, 5, '10 个', ['ns1.dnsv2.com', 'ns2.dnsv2.com']],
  D_EXTRA: ['D_Extra', '企业 I', 5, 588, 0, 60, 6, 3, '12 个', ['ns1.dnsv3.com', 'ns2.dnsv3.com']],
  D_EXPERT: ['D_Expert', '企业 II', 7, 1988, 0, 1, 10, 8, '14 个', ['ns1.dnsv4.com', 'ns2.dnsv4.com']],
  D_ULTRA: ['D_Ultra', '企业 III', 8, 3688, 0, 1, 99_999, 12, '16 个', ['ns1.dnsv5.com', 'ns2.dnsv5.com']],
  DP_FREE: ['DP_Free', '免费版', 2, 0, 0, 600, 2, 5, '8 个', ['s4g2m.dnspod.net', 'g8y9f.dnspod.net']],
  DP_PLUS: ['DP_Plus', '专业版', 3, 188, 10, 60, 10, 20, '大于 12 个', ['ns3.dnsv2.com', 'ns4.dnsv2.com']],
  DP_EXTRA: [
    ...(['DP_Extra', '企业基础版', 6, 1288, 3, 60, 15, 8, '大于 14 个'] as const),
    ['ns3.dnsv3.com', 'ns4.dnsv3.com'],
  ],
  DP_EXPERT: [
    ...(['DP_Expert', '企业版', 9, 2680, 10, 1, 30, 30, '大于 16 个'] as const),
    ['ns3.dnsv4.com', 'ns4.dnsv4.com'],
  ],
  DP_ULTRA: [
    ...(['DP_Ultra', '尊享版', 10, 29_800, 10, 1, 999, 999, '大于 20 个'] as const),
    ['ns3.dnsv5.com', 'ns4.dnsv5.com'],
  ],
};

function planOfRow(row: Row): DnsPlan {
  const [code, title, level, price, moves, minTtlS, sameNameMax, levelMax, serverRegions, servers] = row;
  const numbers = { level, price, moves, minTtlS, sameNameMax, levelMax, wildcardLevelMax: levelMax };
  return { code, title, ...numbers, serverRegions, servers };
}

const plans = Object.fromEntries(
  Object.entries(rows).map(([name, row]) => [name, planOfRow(row)]),
) as Readonly<Record<PlanName, DnsPlan>>;

export function getDnsPlan(name: PlanName): DnsPlan {
  return plans[name];
}

/**
 * Returns the plan of a code in upper or lower case: the API's own responses are inconsistent. null = no such plan.
 */
export function findPlanName(code: string): PlanName | null {
  const name = code.toUpperCase();
  return isPlanName(name) ? name : null;
}

function isPlanName(name: string): name is PlanName {
  return Object.hasOwn(plans, name);
}

/** Returns all of them, in the order of the official example. */
export function allPlans(): readonly DnsPlan[] {
  return Object.values(plans);
}
