/**
 * Where a load balancer's rule can take a function.
 * The lists disagree: today's API page names ten regions, older guides also name Mumbai, where SCF has no quota any more.
 * Sources: https://www.tencentcloud.com/document/api/214/54047 (2026-01-13),
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
 * Regions in which SCF is offered (Jakarta is not among them): those for which it has a quota, and Mumbai, which had one and may
 * still hold functions. https://www.tencentcloud.com/document/product/583/11637 (2025-10-16)
 */
const scfRegions: readonly string[] = [...scfBindingRegions, ...olderDocsRegions, 'eu-frankfurt'];

/** Tells whether a region has functions at all. Another one is not asked for any. */
export function hasScf(region: string): boolean {
  return scfRegions.includes(region);
}

/** Whether functions can be bound to load balancers of a region (a code such as `ap-singapore`). */
export function scfBindingSupport(region: string): ScfBindingSupport {
  if ((scfBindingRegions as readonly string[]).includes(region)) return 'supported';
  return olderDocsRegions.includes(region) ? 'older-docs' : 'unsupported';
}
