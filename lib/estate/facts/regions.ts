/**
 * The regions where a load balancer's rule can be bound to a function. The lists disagree: the current API page names
 * ten regions, older guides also name Mumbai, where SCF no longer has a quota. Sources:
 * https://www.tencentcloud.com/document/api/214/54047 (2026-01-13),
 * https://www.tencentcloud.com/document/product/214/39790 (2023-07-31),
 * https://www.tencentcloud.com/document/product/583/11637 (2025-10-16).
 */
export type ScfBindingSupport = 'supported' | 'older-docs' | 'unsupported';

const scfBindingRegions = [
  'ap-guangzhou',
  'ap-shenzhen-fsi',
  'ap-shanghai',
  'ap-shanghai-fsi',
  'ap-beijing',
  'ap-chengdu',
  'ap-hongkong',
  'ap-singapore',
  'ap-tokyo',
  'na-siliconvalley',
] as const;

const olderDocsRegions: readonly string[] = ['ap-mumbai'];

/**
 * Regions that offer SCF (Jakarta is not among them): those for which it has a quota, and Mumbai, which had one and may
 * still have functions. https://www.tencentcloud.com/document/product/583/11637 (2025-10-16)
 */
const scfRegions: readonly string[] = [...scfBindingRegions, ...olderDocsRegions, 'eu-frankfurt'];

/** Returns whether a region has functions at all. Other regions are not queried for functions. */
export function hasScf(region: string): boolean {
  return scfRegions.includes(region);
}

const mainlandCities = ['guangzhou', 'shenzhen', 'shanghai', 'nanjing', 'beijing', 'chengdu', 'chongqing'];

/**
 * Returns whether a region is in mainland China, with its finance zones, whose codes end with `-fsi`.
 * https://www.tencentcloud.com/document/product/213/6091
 */
export function isMainland(region: string): boolean {
  return mainlandCities.some((city) => region === `ap-${city}` || region.startsWith(`ap-${city}-`));
}

/** Returns whether functions can be bound to load balancers of a region (a code such as `ap-singapore`). */
export function scfBindingSupport(region: string): ScfBindingSupport {
  if ((scfBindingRegions as readonly string[]).includes(region)) return 'supported';
  return olderDocsRegions.includes(region) ? 'older-docs' : 'unsupported';
}
