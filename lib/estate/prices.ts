/**
 * List prices of the international site, in US$, without taxes, discounts and packages. They are shown with their date and
 * never decide anything: an account's own prices differ.
 */
export const pricesAsOf = '2022-05-20';

/** Instances that are kept warm and idle, by the GB-second. https://www.tencentcloud.com/document/product/583/12281 */
export const idleGbSecondUsd = 0.00000847;

/** Regions where a load balancer costs more. https://github.com/tencentyun/intlcloud-documents, 计费概述 of CLB */
const dearRegions: readonly string[] = [
  'ap-bangkok',
  'ap-mumbai',
  'ap-seoul',
  'ap-tokyo',
  'eu-frankfurt',
  'sa-saopaulo',
];

/** A load balancer, by the day, its traffic apart. https://github.com/tencentyun/intlcloud-documents, 计费概述 of CLB */
export function loadBalancerDayUsd(region: string): number {
  return dearRegions.includes(region) ? 1.029 : 0.686;
}
