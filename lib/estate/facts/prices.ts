/**
 * List prices of the international site, in US$, without taxes, discounts, free tiers and packages. Each is shown with
 * its date and source, and as unverified: the figures could not be found in a copy of their pages (December 2026). None
 * decides anything: an account's own prices differ, and those of the mainland site are in another currency.
 */
export type Price = {
  /** For one unit. */
  readonly usd: number;
  /** The day of the list that it is from, `2022-05-20`. */
  readonly asOf: string;
  readonly source: string;
};

const scf = { asOf: '2022-05-20', source: 'https://www.tencentcloud.com/document/product/583/12281' };
/** Of accounts billed by IP; in force since the day on which all load balancers were upgraded. */
const clb = { asOf: '2021-11-02', source: 'https://www.tencentcloud.com/document/product/214/36998' };

/** Prices that are the same in each region of the list. */
export const prices = {
  /** A call of a function. */
  call: { usd: 0.002 / 10_000, ...scf },
  /** A second of a function's run, by its memory in GB. */
  gbSecond: { usd: 0.000_016_7, ...scf },
  /** A second of a warm instance that does nothing, by its memory in GB. */
  idleGbSecond: { usd: 0.000_008_47, ...scf },
  /** An hour of a capacity unit of a load balancer. New ones may get a lower price: that is no list price. */
  lcuHour: {
    usd: 0.0072,
    asOf: '2025-10-31',
    source: 'https://www.tencentcloud.com/document/product/214/41563',
  },
} as const satisfies Readonly<Record<string, Price>>;

/** Which of several prices a region has, by its code. */
function inRegion(list: readonly (readonly [usd: number, regions: readonly string[]])[], region: string) {
  const found = list.find(([, regions]) => regions.includes(region));
  return found === undefined ? null : { usd: found[0], ...clb };
}

const mainland = ['ap-guangzhou', 'ap-shanghai', 'ap-nanjing', 'ap-beijing', 'ap-chengdu', 'ap-chongqing'];

/**
 * Returns the price of a load balancer by the day; a part of a day counts as one. null = the list has no such region.
 */
export function loadBalancerDayPrice(region: string): Price | null {
  const usual = [
    ...mainland,
    ...['ap-hongkong', 'ap-singapore', 'ap-jakarta', 'na-siliconvalley', 'na-ashburn', 'na-toronto'],
    'eu-moscow',
  ];
  const dear = ['ap-bangkok', 'ap-mumbai', 'ap-seoul', 'ap-tokyo', 'eu-frankfurt', 'sa-saopaulo'];
  return inRegion(
    [
      [0.686, usual],
      [1.029, dear],
    ],
    region,
  );
}

/**
 * Returns the price of a GB (2³⁰ bytes) from a public load balancer to its clients. null = the list has no such region.
 */
export function trafficGbPrice(region: string): Price | null {
  return inRegion(
    [
      [0.12, [...mainland, 'ap-hongkong', 'ap-seoul', 'ap-jakarta']],
      [0.081, ['ap-singapore']],
      [0.077, ['eu-frankfurt', 'na-toronto', 'na-siliconvalley']],
      [0.075, ['na-ashburn']],
      [0.13, ['eu-moscow', 'ap-tokyo']],
      [0.1, ['ap-bangkok', 'ap-mumbai']],
      [0.15, ['sa-saopaulo']],
    ],
    region,
  );
}
